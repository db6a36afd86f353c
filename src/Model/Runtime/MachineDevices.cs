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
        var memory = GC.GetGCMemoryInfo();
        return new MachineDevice(
            "cpu", $"{product ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)} cores",
            memory.TotalAvailableMemoryBytes, Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes));
    }
}
