using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Root-mean-square normalisation, computed in float32 whatever the dtype of the stream.</summary>
internal sealed class RmsNorm(string name, IWeights weights, Placement placement, long size, double epsilon) : IDisposable
{
    private readonly Scalar _inverseSize = 1.0 / size, _epsilon = epsilon;

    internal NamedWeight Weight { get; } = WeightCopy.Load(name + ".weight", placement, weights, size);

    /// <summary>(…, D) → (…, D)</summary>
    internal Tensor Apply(Tensor input)
    {
        if (CpuRows.Serves(input) && input.dtype == Weight.Storage.dtype && !Weight.Storage.requires_grad) return CpuRows.Norm(input, Weight.Storage, (float)epsilon);
        var exact = input.dtype == ScalarType.Float32 ? input : input.to(ScalarType.Float32);
        // The norm reads the stream once; square and mean would write it too, and norms are bound by memory.
        var norm = exact.norm(-1, keepdim: true, p: 2);
        var scale = (norm * norm).mul(_inverseSize).Plus(_epsilon).rsqrt();
        var normed = exact * scale;
        return (input.dtype == ScalarType.Float32 ? normed : normed.to(input.dtype)) * Weight.Storage;
    }

    public void Dispose()
    {
        Weight.Storage.Dispose();
        _inverseSize.Dispose();
        _epsilon.Dispose();
    }
}
