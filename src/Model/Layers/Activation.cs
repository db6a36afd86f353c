using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Activation functions by the name that <c>config.json</c> gives them.</summary>
internal static class Activation
{
    private static readonly Scalar QuickGelu = 1.702;

    internal static Func<Tensor, Tensor> Named(string name) => name switch
    {
        "quick_gelu" => x => x * x.mul(QuickGelu).sigmoid(),
        "gelu" => x => nn.functional.gelu(x),
        "silu" => x => nn.functional.silu(x),
        _ => throw new CheckpointException($"Activation '{name}' is not known; allowed are quick_gelu, gelu and silu."),
    };
}
