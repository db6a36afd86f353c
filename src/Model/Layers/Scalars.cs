using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Numbers that meet tensors. A number written in an expression becomes a temporary <see cref="Scalar"/>, and TorchSharp 0.107 passes its
/// native handle and forgets the object: its finaliser can free it while the native call still reads it ("Expected false to be true" from
/// Scalar.h, or a wrong number; seen: a training run ended after some 600 steps). So those of a hot path are held here or in a field, and
/// a number that changes stands in a <c>using</c>. <c>square</c>, <c>arange</c> and <c>linalg.vector_norm</c> make one inside.
/// </summary>
internal static class Scalars
{
    static Scalars()
    {
        LibTorch.EnsureLoaded();
        (Zero, One, NegativeInfinity) = (0, 1, double.NegativeInfinity);
    }

    internal static Scalar Zero { get; }

    internal static Scalar One { get; }

    internal static Scalar NegativeInfinity { get; }

    /// <summary>0, 1, …, n−1, int64.</summary>
    internal static Tensor Range(long count, Device device)
    {
        var numbers = new long[count];
        for (var i = 0; i < count; i++) numbers[i] = i;
        return tensor(numbers, device: device);
    }
}
