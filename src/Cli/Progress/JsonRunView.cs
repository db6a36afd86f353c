using System.Text.Json;

namespace Dpvr.Cli.Progress;

/// <summary>One JSON event a line. Progress comes when something changed and at most once a second.</summary>
internal sealed class JsonRunView(TextWriter output, TimeProvider time) : IRunView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _lastAt;
    private RunSnapshot? _last;

    public void Start(RunHeader header) => Write(new RunEvent
    {
        Event = "started",
        Folder = header.Folder,
        Output = header.Output,
        Model = header.Model,
        Routing = header.Routing,
        Job = header.Job,
        Prompts = header.Prompts,
    });

    public void Show(RunSnapshot snapshot, RunRates rates)
    {
        var sameState = _last?.Job.Status == snapshot.Job.Status && _last.EngineReady == snapshot.EngineReady && _last.Job.Paused == snapshot.Job.Paused;
        if (sameState && (snapshot.ImagesDone == _last!.ImagesDone || time.GetElapsedTime(_lastAt) < Interval)) return;
        (_lastAt, _last) = (time.GetTimestamp(), snapshot);
        Write(new RunEvent
        {
            Event = "progress",
            Status = snapshot.Job.Status,
            Paused = snapshot.Job.Paused,
            Images = snapshot.Job.Images,
            ImagesDone = snapshot.ImagesDone,
            Failed = snapshot.Failed,
            ImagesPerSecond = Math.Round(rates.ImagesPerSecond, 3),
            TokensPerSecond = Math.Round(rates.TokensPerSecond, 1),
            EtaSeconds = rates.Remaining is { } left ? Math.Round(left.TotalSeconds, 1) : null,
            EngineReady = snapshot.EngineReady,
            WaitSeconds = snapshot.Waits.ToDictionary(w => w.Key.ToString().ToLowerInvariant(), w => Math.Round(w.Value.TotalSeconds, 3)),
        });
    }

    public void Note(string text) => Write(new RunEvent { Event = "note", Text = text });

    public void End(RunEnd end) => Write(new RunEvent
    {
        Event = "ended",
        Status = end.Job.Status,
        Images = end.Job.Images,
        ImagesDone = end.Job.ImagesDone,
        ImagesAdopted = end.Job.ImagesAdopted,
        Requests = end.Job.Requests,
        Output = end.Output,
        ExitCode = (int)end.Code,
        ElapsedSeconds = Math.Round(end.Elapsed.TotalSeconds, 3),
        Error = end.Job.Error,
    });

    private void Write(RunEvent value)
    {
        output.WriteLine(JsonSerializer.Serialize(value, RunEventJson.Default.RunEvent));
        output.Flush();
    }

    public void Dispose()
    {
    }
}
