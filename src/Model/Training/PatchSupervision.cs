using Dpvr.Model.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dpvr.Model.Training;

/// <summary>
/// Dense ground truth for the vision tower: linear heads that say, for every patch, what covers it. They stand in for the
/// image-text pretraining that a published CLIP tower has behind it, and are dropped once training ends.
/// </summary>
public sealed class PatchSupervision : IDisposable
{
    private readonly int[] _classes;
    private readonly Scalar _heads;

    /// <param name="classes">Number of classes of each head.</param>
    /// <param name="width">Width of the tower's features, dv.</param>
    public PatchSupervision(IReadOnlyList<int> classes, int width)
    {
        _classes = [.. classes];
        _heads = _classes.Length;
        Weight = (Parameter)new Parameter(zeros(_classes.Sum(), width)).DetachFromDisposeScope();
        Bias = (Parameter)new Parameter(zeros(_classes.Sum())).DetachFromDisposeScope();
    }

    private Parameter Weight { get; }

    private Parameter Bias { get; }

    internal IEnumerable<NamedWeight> Weights =>
        [new("patch_heads.weight", Weight, 0, Weight.shape[0]), new("patch_heads.bias", Bias, 0, Bias.shape[0])];

    /// <summary>Features (N, P, dv), labels (heads, N·P) → mean cross entropy over heads and patches, and the share of patches right in every head.</summary>
    internal (Tensor Loss, Tensor Right) Loss(Tensor features, Tensor labels)
    {
        var logits = nn.functional.linear(features.to(ScalarType.Float32), Weight, Bias).flatten(0, 1); // (N·P, Σclasses)
        Tensor? loss = null, right = null;
        var start = 0L;
        for (var head = 0; head < _classes.Length; head++)
        {
            var part = logits.narrow(1, start, _classes[head]);
            var headLoss = nn.functional.cross_entropy(part, labels[head]);
            var headRight = part.argmax(1).eq(labels[head]);
            loss = loss is null ? headLoss : loss.Plus(headLoss);
            right = right is null ? headRight : right.logical_and(headRight);
            start += _classes[head];
        }
        return (loss! / _heads, right!);
    }

    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
        _heads.Dispose();
    }
}
