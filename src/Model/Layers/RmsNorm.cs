using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Root-mean-square normalisation, computed in float32 whatever the dtype of the stream.</summary>
internal sealed class RmsNorm(string name, IWeights weights, Placement placement, long size, double epsilon) : IDisposable
{
    // Held, see Scalars.
    private readonly Scalar _epsilon = epsilon;

    internal NamedWeight Weight { get; } = WeightCopy.Load(name + ".weight", placement, weights, size);

    /// <summary>(…, D) → (…, D)</summary>
    internal Tensor Apply(Tensor input)
    {
        var exact = input.dtype == ScalarType.Float32 ? input : input.to(ScalarType.Float32);
        var scale = rsqrt(exact.square().mean([-1], keepdim: true).add(_epsilon, Scalars.One));
        var normed = exact * scale;
        return (input.dtype == ScalarType.Float32 ? normed : normed.to(input.dtype)) * Weight.Storage;
    }

    public void Dispose()
    {
        Weight.Storage.Dispose();
        _epsilon.Dispose();
    }
}
