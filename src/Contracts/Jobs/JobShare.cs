namespace Dpvr.Contracts.Jobs;

/// <summary>What the board needs to know of an unfinished job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Weight">Share of accelerator time within its priority; above 0.</param>
/// <param name="Priority">Higher comes first, strictly.</param>
/// <param name="Paused">True when it gives out nothing.</param>
/// <param name="Engine">The engine it needs (<see cref="EngineKeys.Of"/>).</param>
[GenerateSerializer, Immutable, Alias("dpvr.JobShare")]
public sealed record JobShare(
    [property: Id(0)] JobId Job,
    [property: Id(1)] double Weight = 1,
    [property: Id(2)] int Priority = 0,
    [property: Id(3)] bool Paused = false,
    [property: Id(4)] string Engine = "");
