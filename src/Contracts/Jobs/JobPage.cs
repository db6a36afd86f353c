namespace Dpvr.Contracts.Jobs;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">Each with its status, pause, weight, priority and progress.</param>
/// <param name="Next">Ask for what comes after this; null on the last page.</param>
[GenerateSerializer, Immutable, Alias("dpvr.JobPage")]
public sealed record JobPage([property: Id(0)] IReadOnlyList<JobProgress> Jobs, [property: Id(1)] JobId? Next);
