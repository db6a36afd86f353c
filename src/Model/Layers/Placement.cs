using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>Where weights live and in which precision products are computed.</summary>
/// <param name="Device">Device of all weights.</param>
/// <param name="Dtype">Dtype in which weights are stored and activations flow.</param>
/// <param name="Compute">
/// Dtype of matrix products when it differs from <paramref name="Dtype"/> (mixed-precision training: fp32 weights, bf16 products).
/// </param>
/// <param name="Packed">
/// True to keep weights in the layout that products like best, where there is such a layout. They can then be neither saved nor trained.
/// </param>
/// <param name="Bytes">True to keep the decoder's and the head's weights as bytes (int8) once they are packed; activations are of <paramref name="Dtype"/>.</param>
public sealed record Placement(Device Device, ScalarType Dtype, ScalarType? Compute = null, bool Packed = false, bool Bytes = false)
{
    /// <summary>What users call it: <c>float32</c>, <c>bfloat16</c>, <c>float16</c> or <c>int8</c>.</summary>
    public string DtypeName => Bytes ? "int8" : Dtype.ToString().ToLowerInvariant();

    /// <summary>CPU, float32.</summary>
    public static Placement Cpu { get; } = new(CPU, ScalarType.Float32);

    /// <summary>An uninitialised weight, a parameter so that an optimiser takes it, frozen until training says otherwise.</summary>
    internal Tensor Empty(params long[] shape) =>
        new Parameter(empty(shape, dtype: Dtype, device: Device), requires_grad: false).DetachFromDisposeScope();
}
