using Dpvr.Contracts.Workers;

namespace Dpvr.Dashboard.Workers;

/// <summary>A worker as pages show it.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="ImagesPerSecond">Its rate, by its last two reports.</param>
/// <param name="Age">How long ago it said so.</param>
public sealed record WorkerRow(WorkerReport Report, double ImagesPerSecond, TimeSpan Age);
