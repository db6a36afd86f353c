using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>How much memory an engine may take when nobody said so.</summary>
public static class MemoryBudget
{
    /// <summary>Nine tenths of what is free on a CUDA device, for allocators waste some; half of it on a CPU, where others live too.</summary>
    /// <exception cref="EngineMemoryException">It cannot be read.</exception>
    public static long Default(Device device) => device.type == DeviceType.CUDA ? DemandOnDevice(device) / 10 * 9 : FreeOnHost() / 2;

    /// <summary>What is free now, on the device that computes; null where it cannot be read. May be called from any thread.</summary>
    public static long? Free(Device device) => device.type == DeviceType.CUDA ? FreeOnDevice(Math.Max(0, device.index)) : FreeOnHost();

    private static long FreeOnHost()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes; // knows the container's limit, not what others use
        if (!File.Exists("/proc/meminfo")) return limit;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var available = line is null ? limit : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        return Math.Min(available, Math.Max(0, limit - Environment.WorkingSet));
    }

    private static long DemandOnDevice(Device device) => Free(device)
        ?? throw new EngineMemoryException("The free memory of the CUDA device cannot be read (no libcudart.so); give the batch size and the memory for keys and values.");

    /// <summary>libtorch's own call for this is not bound, the CUDA runtime it has loaded is asked directly, about the device named: which one is current belongs to the calling thread.</summary>
    private static long? FreeOnDevice(int index)
    {
        foreach (var name in (string[])["libcudart.so.13", "libcudart.so.12", "libcudart.so"])
        {
            if (!NativeLibrary.TryLoad(name, out var library) || !NativeLibrary.TryGetExport(library, "cudaMemGetInfo", out var ask)) continue;
            if (!NativeLibrary.TryGetExport(library, "cudaGetDevice", out var current) || !NativeLibrary.TryGetExport(library, "cudaSetDevice", out var choose)) continue;
            unsafe
            {
                int before;
                nuint free, total;
                if (((delegate* unmanaged<int*, int>)current)(&before) != 0 || ((delegate* unmanaged<int, int>)choose)(index) != 0) continue;
                var failed = ((delegate* unmanaged<nuint*, nuint*, int>)ask)(&free, &total);
                _ = ((delegate* unmanaged<int, int>)choose)(before);
                if (failed == 0) return (long)free;
            }
        }
        return null;
    }
}
