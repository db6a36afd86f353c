using System.Globalization;
using System.Runtime.InteropServices;

namespace Dpvr.Model.Runtime;

/// <summary>What this machine can compute on, by name and memory. CUDA devices are asked of the driver's own library (NVML), so that no libtorch is loaded and no context is made.</summary>
public static class MachineDevices
{
    /// <summary>The CPU first, then the CUDA devices in the driver's order, which is also CUDA's where <c>CUDA_DEVICE_ORDER=PCI_BUS_ID</c> is set.</summary>
    public static IReadOnlyList<MachineDevice> Find() => [Cpu(), .. Nvml.Find()];

    private static MachineDevice Cpu()
    {
        var lines = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo") : [];
        var product = lines.FirstOrDefault(static l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        return new MachineDevice(
            "cpu", $"{product ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)} cores",
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Available());
    }

    // What the kernel says can be had without swapping (proc(5), MemAvailable), in KiB.
    private static long Available()
    {
        var line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(static l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)) : null;
        return line is not null && long.TryParse(line.AsSpan("MemAvailable:".Length).Trim().TrimEnd(" kB"), NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes << 10 : 0;
    }
}
