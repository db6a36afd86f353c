using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Chooses the form in which an engine keeps a weight.</summary>
internal static class PackedWeight
{
    /// <summary>
    /// The weight (out, in) in one piece, or in two that meet at row <paramref name="cut"/>; nothing where it had better stay as it is.
    /// </summary>
    internal static IPackedWeight[] Of(Tensor weight, Tensor? bias, long cut, Placement placement)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] pieces = cut == 0 ? [weight] : [weight.narrow(0, 0, cut).contiguous(), weight.narrow(0, cut, weight.shape[0] - cut).contiguous()];
        if (placement.Bytes && bias is null) return [.. pieces.Select(ByteWeight.Of)];
        if (!OneDnn.Serves(placement) || (cut != 0 && bias is not null)) return [];
        var packed = pieces.Select(p => (IPackedWeight?)FloatWeight.Of(p, bias) ?? NarrowWeight.Of(p, bias)).ToArray();
        if (packed.All(p => p is not null)) return packed!;
        foreach (var piece in packed) piece?.Dispose();
        return [];
    }
}
