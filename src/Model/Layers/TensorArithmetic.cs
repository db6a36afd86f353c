using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Sums of tensors. TorchSharp's <c>+</c> passes libtorch's <c>alpha</c> as a temporary <see cref="TorchSharp.Scalar"/>, with the
/// hazard that <see cref="Scalars"/> tells of: 4 of a million sums threw while the collector ran. Adding a number has the same alpha.
/// </summary>
internal static class TensorArithmetic
{
    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Scalars.One);
}
