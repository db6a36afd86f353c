namespace Dpvr.Cli.Terminal;

/// <summary>"120/500 pictures": redrawn in place on a terminal, a line every tenth of the way in a file.</summary>
internal sealed class CountLine(SystemConsole console, string what, int total) : IProgress<int>
{
    private readonly Lock _gate = new();
    private int _shown = -1;

    public void Report(int value)
    {
        var steps = console.IsInteractive ? 200 : 10;
        lock (_gate)
        {
            if (value <= _shown || (value * (long)steps / total == _shown * (long)steps / total && value < total)) return;
            _shown = value;
            if (console.IsInteractive) console.Out.Write($"\r{value}/{total} {what}");
            else console.Out.WriteLine($"{value}/{total} {what}");
        }
    }

    public void End()
    {
        if (console.IsInteractive && _shown >= 0) console.Out.WriteLine();
    }
}
