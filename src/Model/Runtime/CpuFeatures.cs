using System.Runtime.Intrinsics.X86;

namespace Dpvr.Model.Runtime;

/// <summary>What this processor computes fast, by its own flags (Intel SDM volume 2, CPUID; AMD uses the same leaves).</summary>
public static class CpuFeatures
{
    /// <summary>512-bit vectors, which oneDNN uses on every make and MKL on Intel's alone.</summary>
    public static bool WideVectors => Avx512F.IsSupported;

    /// <summary>Products in bfloat16 (AVX-512 BF16 or AMX): without them bfloat16 is several times slower than float32.</summary>
    public static bool Bfloat16 { get; } = Avx512F.IsSupported && ((X86Base.CpuId(7, 1).Eax & 1 << 5) != 0 || (X86Base.CpuId(7, 0).Edx & 1 << 22) != 0);

    /// <summary>Products of bytes (AVX-512 VNNI).</summary>
    public static bool ByteProducts { get; } = Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & 1 << 11) != 0;
}
