using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Training;

/// <summary>
/// Initial weights for training from scratch: matrices normal with deviation 1/sqrt(inputs), those that write into a residual
/// stream smaller by its depth, embeddings 0.02, norms one, biases zero.
/// </summary>
public sealed class RandomWeights(LlavaConfig config, int seed) : IWeights
{
    private readonly Generator _generator = new((ulong)seed);

    public bool Contains(string name) => true;

    public void CopyInto(string name, Tensor destination)
    {
        if (name.EndsWith("norm.weight", StringComparison.Ordinal) || (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)))
            destination.fill_(1);
        else if (name.EndsWith(".bias", StringComparison.Ordinal))
            destination.fill_(0);
        else
            destination.normal_(0, Deviation(name, destination), _generator);
    }

    private double Deviation(string name, Tensor weight)
    {
        if (name.Contains("embed", StringComparison.Ordinal) && !name.Contains("patch", StringComparison.Ordinal)) return 0.02;
        var inputs = weight.shape[1..].Aggregate(1L, (a, b) => a * b);
        var depth = name.StartsWith("vision_tower", StringComparison.Ordinal) ? config.Vision.Layers : config.Text.Layers;
        var writes = name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal)
            || name.Contains("out_proj", StringComparison.Ordinal) || name.Contains("fc2", StringComparison.Ordinal);
        return 1 / Math.Sqrt(inputs) / (writes ? Math.Sqrt(2 * depth) : 1);
    }
}
