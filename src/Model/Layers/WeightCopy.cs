using Dpvr.Model.Checkpoints;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Fills a freshly allocated weight from its source.</summary>
internal static class WeightCopy
{
    internal static void CopyFrom(this NamedWeight weight, IWeights source)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        source.CopyInto(weight.Name, weight.PartOf(weight.Storage));
    }

    internal static NamedWeight Load(string name, Placement placement, IWeights source, params long[] shape)
    {
        var weight = new NamedWeight(name, placement.Empty(shape), 0, shape[0]);
        weight.CopyFrom(source);
        return weight;
    }
}
