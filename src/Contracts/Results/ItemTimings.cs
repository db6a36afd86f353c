namespace Dpvr.Contracts.Results;

/// <summary>Where one request's time went, in milliseconds.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.ItemTimings")]
public sealed record ItemTimings
{
    /// <summary>Reading the picture's bytes.</summary>
    [Id(0)] public double FetchMs { get; init; }

    /// <summary>Decoding and resizing.</summary>
    [Id(1)] public double DecodeMs { get; init; }

    /// <summary>Waiting for the engine.</summary>
    [Id(2)] public double QueueMs { get; init; }

    /// <summary>From the engine's start with it to the first token.</summary>
    [Id(3)] public double PrefillMs { get; init; }

    /// <summary>From the first token to the last.</summary>
    [Id(4)] public double GenerateMs { get; init; }
}
