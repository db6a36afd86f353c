namespace Dpvr.Model.Analysis.Saturation;

/// <summary>Where the curve is flat.</summary>
/// <param name="Layer">The saturation layer, s.</param>
/// <param name="LastTextOnly">The last layer that would be text-only, L−2.</param>
/// <param name="Level">Mean attention mass of these layers. Flat is not yet low: where it is high, text still reads the picture there.</param>
public sealed record SaturationSuggestion(int Layer, int LastTextOnly, double Level);
