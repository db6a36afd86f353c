using Dpvr.Contracts.Workers;
using Dpvr.Dashboard.Shell;

namespace Dpvr.Dashboard.Workers;

/// <summary>A part of an engine's memory.</summary>
/// <param name="Name">What it holds.</param>
/// <param name="Planned">Bytes by the plan; null where none was made of it.</param>
/// <param name="Measured">Bytes in fact; null where that is not measured.</param>
/// <param name="Note">What else there is to say.</param>
/// <param name="IsWrong">The plan was wrong: what it reckoned exactly is something else in fact.</param>
public sealed record MemoryRow(string Name, long? Planned, long? Measured, string Note = "", bool IsWrong = false)
{
    /// <summary>The parts of a worker's report, always the same ones.</summary>
    public static IReadOnlyList<MemoryRow> Of(WorkerReport r) =>
    [
        new("weights", r.WeightBytes, r.WeightBytesMeasured),
        new("K/V", r.KeyValueBytes, r.KeyValueBytesMeasured, $"{Wording.Percent((double)r.KeyValueBytesUsed / Math.Max(1, r.KeyValueBytesMeasured))} in use", r.KeyValueBytes != r.KeyValueBytesMeasured),
        new("passes", r.PassBytes, null, "at most"),
        new("free", r.FreeBytes, r.FreeBytesMeasured),
    ];
}
