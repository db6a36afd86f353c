using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Sums and differences of tensors for hot paths. TorchSharp's <c>+</c> and <c>-</c> pass libtorch's <c>alpha</c> as a temporary
/// <see cref="TorchSharp.Scalar"/>, with the hazard that <see cref="Scalars"/> tells of.
/// </summary>
internal static class TensorArithmetic
{
    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Scalars.One);

    internal static Tensor Minus(this Tensor left, Tensor right) => left.sub(right, Scalars.One);
}
