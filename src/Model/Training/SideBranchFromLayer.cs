using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using static TorchSharp.torch;

namespace Dpvr.Model.Training;

/// <summary>Starts a side branch as a copy of a decoder layer: the one that vision tokens would have entered next.</summary>
public sealed class SideBranchFromLayer(IWeights model, int layer) : IWeights
{
    public bool Contains(string name) => model.Contains(NameInModel(name));

    public void CopyInto(string name, Tensor destination) => model.CopyInto(NameInModel(name), destination);

    private string NameInModel(string name) =>
        name.StartsWith(RoutedDecoder.SideBranchPrefix, StringComparison.Ordinal)
            ? $"language_model.model.layers.{layer}.{name[RoutedDecoder.SideBranchPrefix.Length..]}"
            : name;
}
