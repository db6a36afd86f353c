using System.Numerics;
using System.Runtime.Intrinsics;
using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>Rows of logits on a CPU, each read twice while it is in the second-level cache, instead of by four operations that write tensors.</summary>
internal static unsafe class CpuLogits
{
    private const int Lanes = 16;

    internal static bool Serves(Tensor logits) => CpuRows.Serves(logits) && logits.shape[1] >= Lanes;

    /// <summary>Logits (N, V) → N rows.</summary>
    internal static LogitRow[] Read(Tensor logits)
    {
        var (rows, width) = ((int)logits.shape[0], (int)logits.shape[1]);
        var found = new LogitRow[rows];
        var data = (nint)NativeTensor.Data(logits);
        if (logits.dtype == ScalarType.Float32) CpuTeam.For(rows, r => found[r] = Read<SingleRows>((byte*)data + (long)r * width * SingleRows.Size, width));
        else CpuTeam.For(rows, r => found[r] = Read<HalfRows>((byte*)data + (long)r * width * HalfRows.Size, width));
        GC.KeepAlive(logits);
        return found;
    }

    private static LogitRow Read<T>(byte* row, int width)
        where T : struct, IRowNumbers
    {
        var (peak, sums) = (Vector512.Create(float.NegativeInfinity), Vector512<float>.Zero);
        var i = 0;
        for (; i + Lanes <= width; i += Lanes)
        {
            var x = T.Load(row + i * T.Size);
            peak = Vector512.ConditionalSelect(Vector512.GreaterThan(x, peak), x, peak);
            sums += x;
        }
        var (largest, sum) = (float.NegativeInfinity, Vector512.Sum(sums));
        for (var lane = 0; lane < Lanes; lane++) largest = Math.Max(largest, peak[lane]);
        for (; i < width; i++)
        {
            var x = T.LoadOne(row + i * T.Size);
            largest = Math.Max(largest, x);
            sum += x;
        }
        if (!float.IsFinite(sum)) return new LogitRow(0, largest, 0, Finite: false);

        (peak, sums) = (Vector512.Create(largest), Vector512<float>.Zero);
        var best = -1;
        for (i = 0; i + Lanes <= width; i += Lanes)
        {
            var x = T.Load(row + i * T.Size);
            if (best < 0 && Vector512.Equals(x, peak).ExtractMostSignificantBits() is var equal and not 0) best = i + BitOperations.TrailingZeroCount(equal);
            sums += Vector512.Exp(x - peak);
        }
        sum = Vector512.Sum(sums);
        for (; i < width; i++)
        {
            var x = T.LoadOne(row + i * T.Size);
            if (best < 0 && x == largest) best = i;
            sum += MathF.Exp(x - largest);
        }
        return new LogitRow(best, largest, MathF.Log(sum), Finite: true);
    }
}
