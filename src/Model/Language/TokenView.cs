using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>What all layers that see the same tokens share: where the tokens stand, their rotation and who sees whom.</summary>
/// <param name="Positions">Position in the row's whole sequence (B, T), int64.</param>
/// <param name="Valid">False at padding (B, T), bool.</param>
/// <param name="Rope">Cosine and sine (B, 1, T, Dh) of the positions.</param>
/// <param name="Mask">Additive causal mask (B, 1, T, T).</param>
internal sealed record TokenView(Tensor Positions, Tensor Valid, (Tensor Cosine, Tensor Sine) Rope, Tensor Mask)
{
    internal static TokenView Of(TokenBlock block, Rotary rotary, ScalarType dtype) =>
        Of(block.Positions, block.Valid, block.Branch, rotary, dtype);

    /// <summary>A view of vision tokens followed by text tokens.</summary>
    internal static TokenView Of(TokenBlock image, TokenBlock text, Rotary rotary, ScalarType dtype) => Of(
        cat([image.Positions, text.Positions], 1), cat([image.Valid, text.Valid], 1),
        text.Branch is null ? null : cat([zeros_like(image.Positions), text.Branch], 1), rotary, dtype);

    private static TokenView Of(Tensor positions, Tensor valid, Tensor? branch, Rotary rotary, ScalarType dtype) =>
        new(positions, valid, rotary.At(positions), TokenBlock.Mask(positions, valid, positions, valid, dtype, branch));
}
