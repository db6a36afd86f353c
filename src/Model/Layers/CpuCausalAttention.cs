using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Attention among tokens in reading order on a CPU with 512-bit vectors. libtorch's kernel goes through MKL, which uses 256 bits on AMD, and computes
/// what the mask then hides; here a query meets no key behind it. Sums are float32 whatever the dtype.
/// </summary>
internal static unsafe class CpuCausalAttention
{
    private const int Lanes = 16, Strip = 4 * Lanes;

    internal static bool Serves(Tensor q) =>
        q.device_type == DeviceType.CPU && q.dtype is ScalarType.Float32 or ScalarType.BFloat16 && !q.requires_grad
        && q.shape[3] % Strip == 0 && Vector512.IsHardwareAccelerated && NativeTensor.IsAvailable;

    /// <summary>q (B, H, T, Dh), k and v (B, Hkv, T, Dh), and of what stands before them, if anything, k and v (B, Hkv, S, Dh) → (B, T, H·Dh).</summary>
    internal static Tensor Apply(Tensor q, Tensor k, Tensor v, (Tensor K, Tensor V)? past = null)
    {
        using var scope = NewDisposeScope();
        int rows = (int)q.shape[0], heads = (int)q.shape[1], tokens = (int)q.shape[2], dim = (int)q.shape[3], keyHeads = (int)k.shape[1];
        var output = empty([rows, tokens, (long)heads * dim]);
        var before = (int)(past?.K.shape[2] ?? 0);
        Operand queries = new(q), keys = new(k), values = new(v), pastKeys = new(past?.K ?? k), pastValues = new(past?.V ?? v);
        var result = (nint)NativeTensor.Data(output);
        CpuTeam.For(rows * keyHeads, item => Head(queries, keys, values, pastKeys, pastValues, before, (float*)result, item / keyHeads, item % keyHeads, heads, heads / keyHeads, tokens, dim));
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(past);
        return (q.dtype == ScalarType.Float32 ? output : output.to(q.dtype)).MoveToOuterDisposeScope();
    }

    private static void Head(Operand q, Operand k, Operand v, Operand pastK, Operand pastV, int before, float* output, int row, int keyHead, int heads, int sharing, int tokens, int dim)
    {
        var all = before + tokens;
        var width = (all + 2 * Lanes - 1) / (2 * Lanes) * (2 * Lanes);
        // keys (Dh, width) transposed, values (S + T, Dh), a tile of queries (6, Dh), of scores (6, width) and of outputs (6, Dh)
        var numbers = (long)dim * width + (long)all * dim + 2 * CausalTile.Rows * dim + CausalTile.Rows * width;
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)numbers * sizeof(float), 64);
        try
        {
            float* keys = memory, values = keys + (long)dim * width, query = values + (long)all * dim, scores = query + CausalTile.Rows * dim, sums = scores + CausalTile.Rows * width;
            NativeMemory.Clear(keys, (nuint)((long)dim * width) * sizeof(float));
            for (var t = 0; t < all; t++)
            {
                var (fromK, fromV, at) = t < before ? (pastK, pastV, t) : (k, v, t - before);
                fromK.Read(row, keyHead, at, query, dim, 1);
                for (var d = 0; d < dim; d++) keys[(long)d * width + t] = query[d];
                fromV.Read(row, keyHead, at, values + (long)t * dim, dim, 1);
            }
            for (var head = keyHead * sharing; head < (keyHead + 1) * sharing; head++)
                for (var first = 0; first < tokens; first += CausalTile.Rows)
                {
                    int count = Math.Min(CausalTile.Rows, tokens - first), seen = before + first + count;
                    for (var r = 0; r < CausalTile.Rows; r++) q.Read(row, head, Math.Min(first + r, tokens - 1), query + r * dim, dim, 1 / MathF.Sqrt(dim)); // the last tile repeats its last query
                    CausalTile.Scores(query, keys, scores, dim, width, seen);
                    for (var r = 0; r < count; r++) CausalTile.Softmax(scores + (long)r * width, before + first + r + 1, seen);
                    for (var strip = 0; strip < dim; strip += Strip) CausalTile.Weigh(scores, values + strip, sums + strip, dim, width, seen);
                    for (var r = 0; r < count; r++)
                        NativeMemory.Copy(sums + r * dim, output + (((long)row * tokens + first + r) * heads + head) * dim, (nuint)dim * sizeof(float));
                }
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>A tensor (B, h, T, Dh) of any layout whose last dimension is dense.</summary>
    private readonly struct Operand
    {
        private readonly byte* _data;
        private readonly long _row, _head, _token;
        private readonly bool _half;

        internal Operand(Tensor tensor)
        {
            var strides = tensor.stride();
            if (strides[3] != 1) throw new ArgumentException("The last dimension of heads is dense.", nameof(tensor));
            _data = (byte*)NativeTensor.Data(tensor);
            (_row, _head, _token, _half) = (strides[0], strides[1], strides[2], tensor.dtype == ScalarType.BFloat16);
        }

        internal void Read(int row, int head, int token, float* destination, int count, float scale)
        {
            var offset = row * _row + head * _head + token * _token;
            if (_half)
            {
                var source = (ushort*)_data + offset;
                for (var i = 0; i < count; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16) * scale;
            }
            else
            {
                var source = (float*)_data + offset;
                for (var i = 0; i < count; i++) destination[i] = source[i] * scale;
            }
        }
    }
}
