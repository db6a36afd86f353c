using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>Attention of single tokens to what is stored of their prefixes and of their own sequences.</summary>
internal interface ITokenAttention
{
    /// <summary>Rotated queries (1, H, M, Dh) of these tokens against the stored keys and values of a layer → (1, M, H·Dh).</summary>
    Tensor Attend(int layer, bool seesImages, Tensor queries, StepTokens tokens);
}
