using System.Globalization;
using System.Text.Json;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>Live figures of a training run: a line every few seconds on the console, every step in <c>training/log.jsonl</c>.</summary>
internal sealed class TrainingView : IDisposable
{
    internal const string LogFile = "log.jsonl";

    private static readonly TimeSpan Distance = TimeSpan.FromSeconds(2);
    private readonly SystemConsole _console;
    private readonly TimeProvider _time;
    private readonly StreamWriter _log;
    private long _shown;
    private double _rate;

    internal TrainingView(SystemConsole console, string logFolder, TimeProvider time)
    {
        (_console, _time) = (console, time);
        Directory.CreateDirectory(logFolder);
        _log = new StreamWriter(Path.Combine(logFolder, LogFile), append: true) { AutoFlush = true };
    }

    internal void Report(TrainingProgress progress)
    {
        _log.WriteLine(JsonSerializer.Serialize(progress));
        _rate = _rate == 0 ? progress.PicturesPerSecond : 0.9 * _rate + 0.1 * progress.PicturesPerSecond;
        var now = _time.GetTimestamp();
        if (progress.Step < progress.Steps && _shown != 0 && _time.GetElapsedTime(_shown, now) < Distance) return;
        _shown = now;
        _console.Out.WriteLine(Line(progress));
    }

    private string Line(TrainingProgress p)
    {
        var patches = p.PatchLoss > 0 ? string.Create(CultureInfo.InvariantCulture, $"  patch loss {p.PatchLoss:0.000} right {p.PatchesRight:P1}") : "";
        var text = p.TextLoss > 0 ? string.Create(CultureInfo.InvariantCulture, $"  loss {p.TextLoss:0.000}  tokens right {p.TokensRight:P1}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"step {p.Step}/{p.Steps}{text}{patches}  lr {p.LearningRate:0.00e0}  {_rate:0.0} pictures/s");
    }

    public void Dispose() => _log.Dispose();
}
