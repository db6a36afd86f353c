using System.Security.Cryptography;
using System.Text;

namespace Dpvr.Data.Blobs;

/// <summary>Where a process id means this process: one run of one machine, and within it one namespace of process ids (a container's).</summary>
internal static class ProcessSpace
{
    /// <summary>Eight hex digits that differ between machines, restarts and containers.</summary>
    public static string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Describe())).AsSpan(0, 4));

    private static string Describe()
    {
        if (!OperatingSystem.IsLinux()) return Environment.MachineName;
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() + new FileInfo("/proc/self/ns/pid").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.MachineName; // a system that hides them
        }
    }
}
