using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Sums of tensors, and products with a number. TorchSharp's <c>+</c> passes libtorch's <c>alpha</c> as a temporary <see cref="Scalar"/>, with the
/// hazard that <see cref="Scalars"/> tells of: 4 of a million sums threw while the collector ran. Adding a number has the same alpha.
/// </summary>
internal static class TensorArithmetic
{
    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Scalars.One);

    /// <param name="left">A tensor.</param>
    /// <param name="held">A number that the caller holds.</param>
    internal static Tensor Plus(this Tensor left, Scalar held) => left.add(held, Scalars.One);

    internal static Tensor Times(this Tensor left, double factor)
    {
        using Scalar scalar = factor;
        return left.mul(scalar);
    }
}
