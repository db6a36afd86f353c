using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Dpvr.Model.Runtime;

/// <summary>The few functions of NVIDIA's management library that name devices and their memory (NVML API reference, "Device Queries"). No library: no devices.</summary>
internal static unsafe class Nvml
{
    private const string Library = "libnvidia-ml.so.1";
    private const int NameLength = 96; // NVML_DEVICE_NAME_V2_BUFFER_SIZE

    public static IReadOnlyList<MachineDevice> Find()
    {
        if (!NativeLibrary.TryLoad(Library, out var handle)) return [];
        var init = (delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "nvmlInit_v2");
        var shutdown = (delegate* unmanaged<int>)NativeLibrary.GetExport(handle, "nvmlShutdown");
        if (init() != 0) return [];
        try
        {
            return Read(handle);
        }
        finally
        {
            _ = shutdown();
        }
    }

    private static List<MachineDevice> Read(nint handle)
    {
        var getCount = (delegate* unmanaged<uint*, int>)NativeLibrary.GetExport(handle, "nvmlDeviceGetCount_v2");
        var getHandle = (delegate* unmanaged<uint, nint*, int>)NativeLibrary.GetExport(handle, "nvmlDeviceGetHandleByIndex_v2");
        var getName = (delegate* unmanaged<nint, byte*, uint, int>)NativeLibrary.GetExport(handle, "nvmlDeviceGetName");
        var getMemory = (delegate* unmanaged<nint, Memory*, int>)NativeLibrary.GetExport(handle, "nvmlDeviceGetMemoryInfo");
        uint count;
        if (getCount(&count) != 0) return [];
        var found = new List<MachineDevice>();
        var name = stackalloc byte[NameLength];
        for (uint i = 0; i < count; i++)
        {
            nint device;
            Memory memory;
            if (getHandle(i, &device) != 0 || getName(device, name, NameLength) != 0 || getMemory(device, &memory) != 0) continue;
            var product = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
            found.Add(new MachineDevice($"cuda:{i.ToString(CultureInfo.InvariantCulture)}", product, (long)memory.Total, (long)memory.Free));
        }
        return found;
    }

    /// <summary><c>nvmlMemory_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
