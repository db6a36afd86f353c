using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Training;

/// <summary>
/// Initial weights for training from scratch: matrices normal with deviation 1/sqrt(inputs), those that write into a residual
/// stream smaller by its depth, token embeddings 0.02, norms one, biases zero. Position embeddings of the tower start as sines
/// and cosines of row and column: patches that are neighbours look alike from the first step, which outlines need.
/// </summary>
public sealed class RandomWeights(LlavaConfig config, int seed) : IWeights
{
    private readonly Dictionary<DeviceType, Generator> _generators = [];

    public bool Contains(string name) => true;

    public void CopyInto(string name, Tensor destination)
    {
        if (name.EndsWith("norm.weight", StringComparison.Ordinal) || (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)))
            destination.fill_(Scalars.One);
        else if (name.EndsWith(".bias", StringComparison.Ordinal))
            destination.fill_(Scalars.Zero);
        else if (name.EndsWith("position_embedding.weight", StringComparison.Ordinal))
            destination.copy_(GridPositions(config.Vision));
        else
            destination.normal_(0, Deviation(name, destination), GeneratorOf(destination.device));
    }

    /// <summary>A device fills its own tensors, from a generator of its own.</summary>
    private Generator GeneratorOf(Device device) =>
        _generators.TryGetValue(device.type, out var generator) ? generator : _generators[device.type] = new Generator((ulong)seed, device);

    /// <summary>(P + 1, dv): nothing for the class token, then sin and cos of column and row at falling frequencies.</summary>
    private static Tensor GridPositions(VisionConfig vision)
    {
        int side = vision.PatchesPerSide, bands = vision.HiddenSize / 4;
        var frequency = pow(tensor(1.0 / (4 * side)), Scalars.Range(bands, CPU).to(ScalarType.Float32).Times(1.0 / bands)); // 1 … 1/(4·side)
        var along = outer(Scalars.Range(side, CPU).to(ScalarType.Float32), frequency); // (side, bands)
        var waves = cat([along.sin(), along.cos()], 1); // (side, 2·bands)
        var columns = waves.unsqueeze(0).expand(side, side, 2 * bands);
        var rows = waves.unsqueeze(1).expand(side, side, 2 * bands);
        var grid = cat([columns, rows], 2).reshape(side * side, 4 * bands); // (P, 4·bands)
        return cat([zeros(1, 4 * bands), grid], 0);
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
