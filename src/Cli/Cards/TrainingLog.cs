using System.Text.Json;
using Dpvr.Model.Analysis.Plots;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Cards;

/// <summary>The steps of a training run, read back from its log. A step that was run again after a kill counts once, as it was last.</summary>
internal sealed class TrainingLog
{
    private const int Window = 50;
    private readonly TrainingProgress[] _steps;

    private TrainingLog(IEnumerable<TrainingProgress> steps) => _steps = [.. steps.GroupBy(s => s.Step).Select(g => g.Last()).OrderBy(s => s.Step)];

    internal static TrainingLog Read(string path) => new(File.ReadLines(path).Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<TrainingProgress>(line)!));

    internal int Steps => _steps.Length;

    /// <summary>Mean text loss of the last steps, nats a token.</summary>
    internal double FinalLoss => Last.Average(s => s.TextLoss);

    /// <summary>Mean share of target tokens right in the last steps.</summary>
    internal double FinalTokensRight => Last.Average(s => s.TokensRight);

    private IEnumerable<TrainingProgress> Last => _steps.TakeLast(Window);

    /// <summary>Draws losses over steps, each point the mean of some neighbours.</summary>
    internal void Plot(string title, string path)
    {
        var plot = new LinePlot(title, "step", "cross entropy (nats)");
        Add(plot, "text", s => s.TextLoss);
        Add(plot, "patches", s => s.PatchLoss);
        plot.Save(path);
    }

    private void Add(LinePlot plot, string name, Func<TrainingProgress, double> loss)
    {
        var width = Math.Max(1, Steps / 200);
        var points = _steps.Where(s => loss(s) > 0).Chunk(width).Select(c => (X: c.Average(s => s.Step), Y: c.Average(loss))).ToArray();
        if (points.Length > 1) plot.Add(name, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]);
    }
}
