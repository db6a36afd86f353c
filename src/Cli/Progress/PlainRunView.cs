using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Progress;

/// <summary>Plain lines for logs: one when something changed, at most every few seconds.</summary>
internal sealed class PlainRunView(TextWriter output, TimeProvider time) : IRunView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private long _lastAt;
    private string _lastState = "";
    private long _lastDone = -1;

    public void Start(RunHeader header)
    {
        output.WriteLine($"{header.Folder} -> {header.Output}");
        output.WriteLine($"model {header.Model}, routing {header.Routing}, prompts: {string.Join(", ", header.Prompts)}");
        output.Flush();
    }

    public void Show(RunSnapshot snapshot, RunRates rates)
    {
        if (snapshot.Job.Status.IsTerminal()) return; // its end is told by End
        var state = Wording.State(snapshot.Job);
        var changed = state != _lastState || (snapshot.ImagesDone != _lastDone && time.GetElapsedTime(_lastAt) >= Interval);
        if (!changed) return;
        (_lastAt, _lastState, _lastDone) = (time.GetTimestamp(), state, snapshot.ImagesDone);
        output.WriteLine(snapshot.Job.Status == JobStatus.InProgress
            ? $"{state}: {snapshot.ImagesDone}/{snapshot.Job.Images} images, {snapshot.Failed} failed, {Wording.Rate(rates.ImagesPerSecond)} images/s, " +
              $"{Wording.Rate(rates.TokensPerSecond)} tokens/s, ETA {Wording.Time(rates.Remaining)}, engine waits for: {Wording.Waits(snapshot, rates)}"
            : $"{state}: {snapshot.Job.Images} images");
        output.Flush();
    }

    public void Note(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    public void End(RunEnd end)
    {
        foreach (var line in Wording.Ending(end)) output.WriteLine(line);
        output.Flush();
    }

    public void Dispose()
    {
    }
}
