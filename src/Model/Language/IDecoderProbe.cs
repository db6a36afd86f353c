using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>
/// Looks into a forward pass, for analysis and reference tests; normal use passes none. The tensors belong to the pass and
/// are disposed soon after the call: a probe that keeps one takes a copy.
/// </summary>
public interface IDecoderProbe
{
    /// <summary>True when <see cref="Attention"/> shall be told the probabilities of this layer (which costs a second product).</summary>
    bool WantsAttention(int layer);

    /// <summary>Attention probabilities (B, H, T, T) of a layer, in the order of its tokens (vision first when there are any).</summary>
    void Attention(int layer, Tensor probabilities);

    /// <summary>Output of a layer (B, T, D): vision tokens first when the layer saw them, else text tokens only.</summary>
    void Hidden(int layer, Tensor hidden);

    /// <summary>Output of the side branch (B, I, D).</summary>
    void SideBranch(Tensor hidden);
}
