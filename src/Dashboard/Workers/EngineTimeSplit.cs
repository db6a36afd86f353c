using Dpvr.Contracts.Workers;

namespace Dpvr.Dashboard.Workers;

/// <summary>Where an engine's time went between two reports of its worker, or since the worker's start: each second in one part, what nobody counted in the last.</summary>
internal static class EngineTimeSplit
{
    private static readonly (string Key, string Text)[] s_phases = [("vision", "vision"), ("prefill", "prefill"), ("decode", "decode")];
    private static readonly (string Key, string Text)[] s_causes = [("queue", "waited for work"), ("fetch", "for bytes of pictures"), ("decode", "for decoded pictures"), ("write", "for writing")];

    /// <summary>Parts in seconds, always the same ones in the same order.</summary>
    public static IReadOnlyList<(string Name, double Value)> Of(WorkerReport report, WorkerReport? earlier)
    {
        var parts = new List<(string, double)>();
        foreach (var (key, text) in s_phases) parts.Add((text, Since(report.Busy, earlier?.Busy, key)));
        foreach (var (key, text) in s_causes) parts.Add((text, Since(report.Waits, earlier?.Waits, key)));
        parts.Add(("other", Math.Max(0, (report.At - (earlier?.At ?? report.Since)).TotalSeconds - parts.Sum(static p => p.Item2))));
        return parts;
    }

    /// <summary>A cause in the page's words.</summary>
    public static string Word(string cause) => cause switch { "queue" => "work", "fetch" => "bytes of pictures", "decode" => "decoded pictures", "write" => "writing", _ => cause };

    private static double Since(IReadOnlyDictionary<string, double> now, IReadOnlyDictionary<string, double>? before, string key) => Math.Max(0, now.GetValueOrDefault(key) - (before?.GetValueOrDefault(key) ?? 0));
}
