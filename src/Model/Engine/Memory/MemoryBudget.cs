using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>How much memory an engine may take when nobody said so.</summary>
public static class MemoryBudget
{
    /// <summary>Nine tenths of what is free on a CUDA device, for allocators waste some; half of it on a CPU, where others live too.</summary>
    public static long Default(Device device) => device.type == DeviceType.CUDA ? FreeOnDevice() / 10 * 9 : FreeOnHost() / 2;

    private static long FreeOnHost()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes; // knows the container's limit, not what others use
        if (!File.Exists("/proc/meminfo")) return limit;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var available = line is null ? limit : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        return Math.Min(available, Math.Max(0, limit - Environment.WorkingSet));
    }

    /// <summary>libtorch's own call for this is not bound, the CUDA runtime it has loaded is asked directly.</summary>
    private static long FreeOnDevice()
    {
        foreach (var name in (string[])["libcudart.so.13", "libcudart.so.12", "libcudart.so"])
        {
            if (!NativeLibrary.TryLoad(name, out var library) || !NativeLibrary.TryGetExport(library, "cudaMemGetInfo", out var address)) continue;
            unsafe
            {
                nuint free, total;
                if (((delegate* unmanaged<nuint*, nuint*, int>)address)(&free, &total) == 0) return (long)free;
            }
        }
        throw new EngineMemoryException("The free memory of the CUDA device cannot be read (no libcudart.so); give the batch size and the memory for keys and values.");
    }
}
