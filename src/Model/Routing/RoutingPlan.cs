namespace Dpvr.Model.Routing;

/// <summary>Which decoder layers see vision tokens: layers 0…s−1 and f…L−1; layers s…f−1 are text-only.</summary>
public sealed record RoutingPlan
{
    private RoutingPlan(RoutingKind kind, int layers, int saturation, int fusion)
    {
        Kind = kind;
        Layers = layers;
        Saturation = saturation;
        Fusion = fusion;
    }

    public RoutingKind Kind { get; }

    /// <summary>Decoder layers, L.</summary>
    public int Layers { get; }

    /// <summary>First text-only layer, s; equals L when vision tokens never leave.</summary>
    public int Saturation { get; }

    /// <summary>First layer that sees vision tokens again, f; equals L when they never come back.</summary>
    public int Fusion { get; }

    /// <summary>The name users give it: <c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>.</summary>
    public string Name => Kind switch
    {
        RoutingKind.Dense => "dense",
        RoutingKind.Withdraw => "withdraw",
        _ => "dpvr-lf",
    };

    public bool HasSideBranch => Kind == RoutingKind.DpvrLf;

    /// <summary>True when layer <paramref name="layer"/> reads keys and values of vision tokens.</summary>
    public bool SeesImages(int layer) => layer < Saturation || layer >= Fusion;

    /// <summary>Layers that keep keys and values of vision tokens: 19 of 32 for the 7B plan.</summary>
    public int ImageLayers => Saturation + (Layers - Fusion);

    public static RoutingPlan Dense(int layers) => new(RoutingKind.Dense, layers, layers, layers);

    /// <exception cref="ArgumentOutOfRangeException">Unless 0 &lt; s &lt; L.</exception>
    public static RoutingPlan Withdraw(int layers, int saturation)
    {
        if (saturation <= 0 || saturation >= layers)
            throw new ArgumentOutOfRangeException(nameof(saturation), saturation, $"The saturation layer of 'withdraw' is between 1 and {layers - 1}.");
        return new(RoutingKind.Withdraw, layers, saturation, layers);
    }

    /// <param name="layers">Decoder layers, L.</param>
    /// <param name="saturation">s</param>
    /// <param name="fusion">f; the last layer when left out, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">Unless 0 &lt; s ≤ f ≤ L−1.</exception>
    public static RoutingPlan DpvrLf(int layers, int saturation, int? fusion = null)
    {
        var last = fusion ?? layers - 1;
        if (saturation <= 0 || saturation > last)
            throw new ArgumentOutOfRangeException(nameof(saturation), saturation, $"The saturation layer of 'dpvr-lf' is between 1 and the fusion layer {last}.");
        if (last > layers - 1)
            throw new ArgumentOutOfRangeException(nameof(fusion), last, $"The fusion layer of 'dpvr-lf' is at most {layers - 1}.");
        return new(RoutingKind.DpvrLf, layers, saturation, last);
    }
}
