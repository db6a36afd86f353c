using Dpvr.Contracts.Workers;

namespace Dpvr.Dashboard.Workers;

/// <summary>A worker as pages show it.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="ImagesPerSecond">Its rate lately.</param>
/// <param name="Age">How long ago it said so.</param>
/// <param name="Earlier">What it said some seconds before; null while it has said nothing else.</param>
public sealed record WorkerRow(WorkerReport Report, double ImagesPerSecond, TimeSpan Age, WorkerReport? Earlier = null)
{
    private static readonly TimeSpan s_silent = TimeSpan.FromSeconds(12); // six reports were missed

    /// <summary>True when it did not report for a while: what is shown of it is old.</summary>
    public bool IsSilent => Age > s_silent;
}
