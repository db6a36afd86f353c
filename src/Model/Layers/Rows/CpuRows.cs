using System.Runtime.Intrinsics;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Norms, gates and rotations on a CPU: each in one pass over memory, where libtorch's operations take three to five and a tensor for each.
/// For inference alone: where a gradient is wanted, they decline.
/// </summary>
internal static unsafe class CpuRows
{
    private const long Shared = 1 << 14; // numbers from which a second thread gains more than it costs to wake

    /// <summary>True of so few numbers that one thread is done before a second is awake.</summary>
    internal static bool IsSmall(long numbers) => numbers < Shared;

    internal static bool Serves(Tensor rows) =>
        rows.device_type == DeviceType.CPU && rows.dtype is ScalarType.Float32 or ScalarType.BFloat16 && !rows.requires_grad
        && Vector256.IsHardwareAccelerated && NativeTensor.IsAvailable && rows.is_contiguous();

    /// <summary>(…, D) → (…, D), see <see cref="RowKernels{T}.Norm"/>.</summary>
    internal static Tensor Norm(Tensor input, Tensor weight, float epsilon)
    {
        var output = empty_like(input);
        int width = (int)weight.shape[0], rows = (int)(input.numel() / width);
        byte* from = (byte*)NativeTensor.Data(input), scale = (byte*)NativeTensor.Data(weight), to = (byte*)NativeTensor.Data(output);
        if (input.dtype == ScalarType.Float32) Run<SingleRows>();
        else Run<HalfRows>();
        GC.KeepAlive(input);
        GC.KeepAlive(weight);
        return output;

        void Run<T>()
            where T : struct, IRowNumbers
        {
            var stride = (long)width * T.Size;
            nint f = (nint)from, s = (nint)scale, t = (nint)to;
            CpuTeam.Ranges(rows, IsSmall(input.numel()), (first, end) =>
            {
                for (long r = first; r < end; r++) RowKernels<T>.Norm((byte*)f + r * stride, (byte*)s, (byte*)t + r * stride, width, epsilon);
            });
        }
    }

    /// <summary>(…, 2·F) → (…, F), see <see cref="RowKernels{T}.Gate"/>.</summary>
    internal static Tensor Gate(Tensor gateUp)
    {
        var shape = gateUp.shape;
        int width = (int)shape[^1] / 2, rows = (int)(gateUp.numel() / shape[^1]);
        var output = empty([.. shape[..^1], width], dtype: gateUp.dtype);
        nint from = (nint)NativeTensor.Data(gateUp), to = (nint)NativeTensor.Data(output);
        if (gateUp.dtype == ScalarType.Float32) Run<SingleRows>();
        else Run<HalfRows>();
        GC.KeepAlive(gateUp);
        return output;

        void Run<T>()
            where T : struct, IRowNumbers
        {
            var stride = (long)width * T.Size;
            CpuTeam.Ranges(rows, IsSmall((long)rows * width), (first, end) =>
            {
                for (long r = first; r < end; r++) RowKernels<T>.Gate((byte*)from + r * 2 * stride, (byte*)to + r * stride, width);
            });
        }
    }

    /// <summary>
    /// Turns the first <paramref name="turned"/> of the heads of each token (B, T, heads·Dh) in place, by cosines and sines
    /// (B or 1, 1, T, Dh).
    /// </summary>
    internal static void Rotate(Tensor projected, int turned, int dim, (Tensor Cosine, Tensor Sine) rope)
    {
        var shape = projected.shape;
        int tokens = (int)shape[1], rows = (int)shape[0] * tokens, width = (int)shape[2];
        var shared = rope.Cosine.shape[0] == 1; // by all rows of the batch
        using Tensor cosine = rope.Cosine.contiguous(), sine = rope.Sine.contiguous();
        nint data = (nint)NativeTensor.Data(projected), c = (nint)NativeTensor.Data(cosine), s = (nint)NativeTensor.Data(sine);
        if (projected.dtype == ScalarType.Float32) Run<SingleRows>();
        else Run<HalfRows>();
        GC.KeepAlive(projected);
        GC.KeepAlive(cosine);
        GC.KeepAlive(sine);

        void Run<T>()
            where T : struct, IRowNumbers =>
            CpuTeam.Ranges(rows, IsSmall((long)rows * turned * dim), (first, end) =>
            {
                for (long r = first; r < end; r++)
                {
                    var angle = (shared ? r % tokens : r) * dim * T.Size;
                    RowKernels<T>.Rotate((byte*)data + r * width * T.Size, turned, dim, (byte*)c + angle, (byte*)s + angle);
                }
            });
    }
}
