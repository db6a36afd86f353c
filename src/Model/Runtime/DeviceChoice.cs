using System.Globalization;
using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Runtime;

/// <summary>Turns what a user writes (<c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>; <c>auto</c>, <c>float32</c>, <c>bfloat16</c>, <c>float16</c>, <c>int8</c>) into a place to compute.</summary>
public static class DeviceChoice
{
    /// <summary>What a user may call a precision, besides <c>auto</c>.</summary>
    public static IReadOnlyList<string> Dtypes { get; } = ["float32", "bfloat16", "float16", "int8"];

    /// <summary>
    /// <c>auto</c> is the first CUDA device where there is one, else the CPU; a dtype of <c>auto</c> is bfloat16 on CUDA and float32 on the CPU.
    /// Half precision is refused where it is slower than single: bfloat16 on a CPU without products in it, float16 on every CPU; int8 where products of bytes are not exact.
    /// </summary>
    /// <exception cref="ArgumentException">Not a device or a dtype; the message says what is.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there; the message says why and what to do.</exception>
    public static Placement Parse(string device = "auto", string dtype = "auto")
    {
        var folder = LibTorch.EnsureLoaded();
        var place = ParseDevice(device, folder);
        var chosen = dtype switch
        {
            "auto" => place.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32,
            "float32" or "fp32" => ScalarType.Float32,
            "bfloat16" or "bf16" => ScalarType.BFloat16,
            "float16" or "fp16" => ScalarType.Float16,
            "int8" => ScalarType.Float32, // of activations; the weights are bytes
            _ => throw new ArgumentException($"'{dtype}' is not a dtype; allowed are auto, {string.Join(", ", Dtypes.SkipLast(1))} and {Dtypes[^1]}.", nameof(dtype)),
        };
        if (dtype == "int8") return Bytes(place);
        if (place.type == DeviceType.CPU && chosen == ScalarType.Float16)
            throw new ArgumentException("float16 is several times slower than float32 on a CPU; use float32.", nameof(dtype));
        if (place.type == DeviceType.CPU && chosen == ScalarType.BFloat16 && !CpuFeatures.Bfloat16)
            throw new ArgumentException("bfloat16 is several times slower than float32 on this CPU, which has neither AVX-512 BF16 nor AMX; use float32.", nameof(dtype));
        return new Placement(place, chosen);
    }

    private static Placement Bytes(Device place)
    {
        if (place.type != DeviceType.CPU) throw new ArgumentException("int8 is computed on CPUs alone; use bfloat16 on a CUDA device.", "dtype");
        if (!CpuFeatures.ByteProducts) throw new ArgumentException("int8 needs a CPU with AVX-512 VNNI, which this one lacks: sums of bytes would overflow; use float32.", "dtype");
        if (!OneDnnBytes.IsAvailable) throw new ArgumentException("int8 needs a libtorch whose oneDNN can be called for it, from 2.10 on; use float32.", "dtype");
        return new Placement(place, ScalarType.Float32, Bytes: true);
    }

    private static Device ParseDevice(string name, string folder)
    {
        if (name == "cpu") return CPU;
        if (name == "auto") return HasCuda(folder) ? new Device(DeviceType.CUDA, 0) : CPU;

        var index = 0;
        var parts = name.Split(':');
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new ArgumentException($"'{name}' is not a device; allowed are auto, cpu, cuda and cuda:N.", nameof(name));
        if (!File.Exists(Path.Combine(folder, "libtorch_cuda.so")))
            throw new DeviceUnavailableException(
                $"'{name}' needs a libtorch with CUDA; the one in {folder} has none (no libtorch_cuda.so). Build with -p:TorchBackend=cuda, or set {LibTorch.PathVariable} to a folder with one, for example PyTorch's torch/lib.");
        if (!HasCuda(folder)) throw new DeviceUnavailableException($"'{name}': libtorch in {folder} has CUDA but sees no device; nvidia-smi shows what the driver sees.");
        if (index >= cuda.device_count()) throw new DeviceUnavailableException($"'{name}': there are {cuda.device_count()} CUDA devices, numbered from 0.");
        return new Device(DeviceType.CUDA, index);
    }

    private static bool HasCuda(string folder) => File.Exists(Path.Combine(folder, "libtorch_cuda.so")) && cuda.is_available();
}
