using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>What <see cref="TorchAttention"/> needs to know of a step's tokens, on the device.</summary>
internal sealed class StepMaps : IDisposable
{
    internal StepMaps(StepTokens step, Placement placement)
    {
        var tokens = step.Tokens;
        Prefix = new GatherMap([.. tokens.Select(t => t.Entry)], placement.Device);
        Own = new GatherMap([.. tokens.Select(t => t.Slot)], placement.Device);
        (PrefixAll, PrefixText, OwnLength) = (tokens.Max(t => t.PrefixAll), tokens.Max(t => t.PrefixText), tokens.Max(t => t.Own));
        WithoutPrefix = tensor(tokens.Select(t => t.Entry < 0).ToArray(), device: placement.Device).view(-1, 1, 1).DetachFromDisposeScope();
        Tensor Mask(Func<StepToken, int> seen, int width) => Masked([.. tokens.Select(seen)], width, placement);
        (AllMask, TextMask, OwnMask) = (Mask(t => t.PrefixAll, PrefixAll), Mask(t => t.PrefixText, PrefixText), Mask(t => t.Own, OwnLength));
    }

    internal GatherMap Prefix { get; }

    internal GatherMap Own { get; }

    /// <summary>Tokens (M, 1, 1) that read no prefix: what comes back for them is somebody else's.</summary>
    internal Tensor WithoutPrefix { get; }

    /// <summary>Longest prefix in layers that see vision tokens.</summary>
    internal int PrefixAll { get; }

    /// <summary>Longest prefix in text-only layers.</summary>
    internal int PrefixText { get; }

    /// <summary>Most own tokens.</summary>
    internal int OwnLength { get; }

    /// <summary>Additive (M, 1, PrefixAll).</summary>
    internal Tensor AllMask { get; }

    /// <summary>Additive (M, 1, PrefixText).</summary>
    internal Tensor TextMask { get; }

    /// <summary>Additive (M, 1, OwnLength).</summary>
    internal Tensor OwnMask { get; }

    private static Tensor Masked(int[] seen, int width, Placement placement)
    {
        var values = new float[seen.Length * width];
        for (var r = 0; r < seen.Length; r++) values.AsSpan(r * width + seen[r], width - seen[r]).Fill(float.NegativeInfinity);
        using var scope = NewDisposeScope();
        return tensor(values).view(seen.Length, 1, width).to(placement.Dtype, placement.Device, copy: true).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Prefix.Dispose();
        Own.Dispose();
        WithoutPrefix.Dispose();
        AllMask.Dispose();
        TextMask.Dispose();
        OwnMask.Dispose();
    }
}
