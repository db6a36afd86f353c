using System.Globalization;

namespace Dpvr.Model.Engine.Benchmark;

/// <summary>The kernel's record of the most memory the process had resident (proc(5): <c>VmHWM</c>, and <c>clear_refs</c> to forget it).</summary>
internal static class ResidentMemory
{
    internal static void ForgetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // not Linux, or not allowed: then the peak is the process's whole life's
        }
    }

    internal static long Peak()
    {
        if (!File.Exists("/proc/self/status")) return 0;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
