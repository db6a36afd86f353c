using Dpvr.Model.Checkpoints;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Layer normalisation with weight and bias.</summary>
internal sealed class LayerNorm(string name, IWeights weights, Placement placement, long size, double epsilon) : IDisposable
{
    private readonly NamedWeight _weight = WeightCopy.Load(name + ".weight", placement, weights, size);
    private readonly NamedWeight _bias = WeightCopy.Load(name + ".bias", placement, weights, size);

    internal IEnumerable<NamedWeight> Weights => [_weight, _bias];

    /// <summary>(…, D) → (…, D)</summary>
    internal Tensor Apply(Tensor input) =>
        nn.functional.layer_norm(input, [size], _weight.Storage, _bias.Storage, epsilon);

    public void Dispose()
    {
        _weight.Storage.Dispose();
        _bias.Storage.Dispose();
    }
}
