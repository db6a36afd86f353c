using System.Runtime.InteropServices;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>Puts keys or values of prefixes, which come token by token, where each head's lie one behind the other: a head a turn, on all threads.</summary>
internal static unsafe class CpuPrefixCopy
{
    internal static bool Serves(Tensor heads) => heads.device_type == DeviceType.CPU && NativeTensor.IsAvailable && heads.stride(3) == 1;

    /// <summary>Heads (B, Hkv, T, Dh) → these entries of (entries, Hkv, P, Dh), from token <paramref name="first"/> on.</summary>
    internal static void Run(Tensor heads, Tensor stored, IReadOnlyList<int> entries, long first)
    {
        var (shape, strides, size) = (heads.shape, heads.stride(), heads.element_size());
        if (heads.dtype != stored.dtype || first + shape[2] > stored.shape[2]) throw new ArgumentException("Keys and values fit what stores them.", nameof(heads));
        int keyHeads = (int)shape[1], tokens = (int)shape[2];
        long token = shape[3] * size, capacity = stored.shape[2] * token, step = strides[2] * size;
        nint from = (nint)NativeTensor.Data(heads), to = (nint)NativeTensor.Data(stored);
        CpuTeam.For(entries.Count * keyHeads, item =>
        {
            var (row, head) = (item / keyHeads, item % keyHeads);
            var source = (byte*)from + (row * strides[0] + head * strides[1]) * size;
            var destination = (byte*)to + ((long)entries[row] * keyHeads + head) * capacity + first * token;
            for (var t = 0; t < tokens; t++) NativeMemory.Copy(source + t * step, destination + t * token, (nuint)token);
        });
        GC.KeepAlive(heads);
        GC.KeepAlive(stored);
    }
}
