namespace Dpvr.Contracts.Jobs;

/// <summary>What a job writes.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.OutputSpec")]
public sealed record OutputSpec
{
    /// <summary>Identifies the place, for instance the output folder's absolute path: the same specification to another place is another job.</summary>
    [Id(0)] public required string Location { get; init; }

    /// <summary>True writes a <c>.txt</c> beside each picture's name, under the output. Default: false.</summary>
    [Id(1)] public bool Sidecars { get; init; }
}
