using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Numbers for tensor operations, and the operators that would make one. TorchSharp 0.107 passes a <see cref="Scalar"/>'s native handle
/// and then forgets the object, so a garbage collection during the call may free it before libtorch has read it ("Expected false to be
/// true" from Scalar.h, or a wrong number). Even <c>a + b</c> makes one (alpha = 1), and so do <c>square</c> and <c>arange</c>. These ones
/// are kept: whoever computes with tensors here writes <c>a.Plus(b)</c>, and a number that changes in a <c>using</c>.
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

    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    internal static Tensor Plus(this Tensor left, Scalar kept)
    {
        var sum = left.add(kept, One);
        GC.KeepAlive(kept);
        return sum;
    }

    internal static Tensor Times(this Tensor left, double factor)
    {
        using Scalar scalar = factor;
        return left.mul(scalar);
    }

    /// <summary>0, 1, …, n−1, int64.</summary>
    internal static Tensor Range(long count, Device device)
    {
        var numbers = new long[count];
        for (var i = 0; i < count; i++) numbers[i] = i;
        return tensor(numbers, device: device);
    }
}
