namespace Dpvr.Contracts.Workers;

/// <summary>A worker in the directory.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="AgeSeconds">How long ago, by the directory's clock.</param>
/// <param name="ImagesPerSecond">Its rate over the last reports.</param>
/// <param name="Earlier">A report of some seconds before, to tell what it did lately; null while there is none.</param>
[GenerateSerializer, Immutable, Alias("dpvr.WorkerEntry")]
public sealed record WorkerEntry([property: Id(0)] WorkerReport Report, [property: Id(1)] double AgeSeconds, [property: Id(2)] double ImagesPerSecond, [property: Id(3)] WorkerReport? Earlier = null);
