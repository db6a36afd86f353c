namespace Dpvr.Contracts.Jobs;

/// <summary>How vision tokens go through the decoder's layers.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.RoutingSpec")]
public sealed record RoutingSpec
{
    /// <summary><c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>. Default: <c>dense</c>.</summary>
    [Id(0)] public string Kind { get; init; } = "dense";

    /// <summary>The layer at which vision tokens leave; null takes the checkpoint's own. Default: null.</summary>
    [Id(1)] public int? SaturationLayer { get; init; }

    /// <summary>Vision tokens of a picture that are kept, the most informative ones; null keeps all. Default: null.</summary>
    [Id(2)] public int? VisualTokens { get; init; }

    /// <summary>As in <c>dpvr-lf</c>, <c>withdraw@16</c> or <c>dense/64</c>. It is part of the identity of work.</summary>
    public override string ToString() => Kind + (SaturationLayer is { } s ? $"@{s}" : "") + (VisualTokens is { } n ? $"/{n}" : "");
}
