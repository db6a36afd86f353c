namespace Dpvr.Model.Routing;

/// <summary>How vision tokens travel through the decoder.</summary>
public enum RoutingKind
{
    /// <summary>Through every layer (LLaVA-1.5 as published).</summary>
    Dense,

    /// <summary>They leave at the saturation layer and never come back (needs no training).</summary>
    Withdraw,

    /// <summary>They leave at the saturation layer, pass a one-layer side branch and return at the fusion layer.</summary>
    DpvrLf,
}
