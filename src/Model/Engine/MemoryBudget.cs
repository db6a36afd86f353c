using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>How much memory keys and values may take when nobody said so.</summary>
public static class MemoryBudget
{
    private const int MostCpuSlots = 32, MostDeviceSlots = 256; // more gain nothing: the products are as efficient as they get

    /// <summary>
    /// The batch for an engine: <paramref name="requested"/> if it fits, or for <c>null</c> the largest that fits and still gains speed.
    /// </summary>
    /// <exception cref="EngineMemoryException">It does not fit; the message names the batch that does.</exception>
    public static int Slots(KeyValuePlan plan, Device device, int? requested = null, long? budgetBytes = null)
    {
        var budget = budgetBytes ?? Default(device);
        var slots = requested ?? Math.Clamp(plan.SlotsWithin(budget), 1, device.type == DeviceType.CPU ? MostCpuSlots : MostDeviceSlots);
        plan.Demand(slots, budget);
        return slots;
    }

    /// <summary>Half of the memory that is free: activations, and on the CPU everybody else, need the rest.</summary>
    public static long Default(Device device) => (device.type == DeviceType.CUDA ? FreeOnDevice() : FreeOnHost()) / 2;

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
