namespace Dpvr.Contracts.Jobs;

/// <summary>How vision tokens go through the decoder's layers.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.RoutingSpec")]
public sealed record RoutingSpec
{
    /// <summary><c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>. Default: <c>dense</c>.</summary>
    [Id(0)] public string Kind { get; init; } = "dense";

    /// <summary>The layer at which vision tokens leave; null takes the checkpoint's own. Default: null.</summary>
    [Id(1)] public int? SaturationLayer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => SaturationLayer is { } s ? $"{Kind}@{s}" : Kind;
}
