namespace Dpvr.Cli.Progress;

/// <summary>Shows a run: redrawn on a terminal, as plain lines in a file, as JSON for programs.</summary>
internal interface IRunView : IDisposable
{
    void Start(RunHeader header);
    void Show(RunSnapshot snapshot, RunRates rates);

    /// <summary>Something that a person should know now, as in what Ctrl-C will do.</summary>
    void Note(string text);

    void End(RunEnd end);
}
