using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Activations as bytes: each row has a step of its own, found when it comes (dynamic quantisation), so that what a token gets does not
/// depend on the others of its batch.
/// </summary>
internal sealed unsafe class QuantisedRows
{
    private readonly float[] _steps;

    private QuantisedRows(Tensor bytes, float[] steps) => (Bytes, _steps) = (bytes, steps);

    /// <summary>(M, D), around <see cref="ByteKernels.Middle"/>.</summary>
    internal Tensor Bytes { get; }

    /// <summary>Rows (…, D), float32.</summary>
    internal static QuantisedRows Of(Tensor rows)
    {
        var dense = rows.contiguous();
        int width = (int)dense.shape[^1], count = (int)(dense.numel() / width);
        var bytes = empty([count, width], dtype: ScalarType.Byte);
        var steps = new float[count];
        nint from = (nint)NativeTensor.Data(dense), to = (nint)NativeTensor.Data(bytes);
        CpuTeam.Ranges(count, CpuRows.IsSmall(dense.numel()), (first, end) =>
        {
            for (var r = first; r < end; r++) steps[r] = ByteKernels.Quantise((float*)from + (long)r * width, (byte*)to + (long)r * width, width);
        });
        GC.KeepAlive(dense);
        return new QuantisedRows(bytes, steps);
    }

    /// <summary>Multiplies the rows of a product (M, N) by their steps, and adds a residual (…, N) where there is one; in place.</summary>
    internal void Finish(Tensor product, Tensor? residual)
    {
        var width = (int)product.shape[^1];
        var added = residual?.contiguous();
        nint data = (nint)NativeTensor.Data(product), onto = added is null ? 0 : (nint)NativeTensor.Data(added);
        CpuTeam.Ranges(_steps.Length, CpuRows.IsSmall(product.numel()), (first, end) =>
        {
            for (var r = first; r < end; r++)
                ByteKernels.Scale((float*)data + (long)r * width, _steps[r], onto == 0 ? null : (float*)onto + (long)r * width, width);
        });
        GC.KeepAlive(product);
        GC.KeepAlive(added);
    }
}
