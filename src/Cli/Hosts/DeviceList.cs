using System.Globalization;
using Dpvr.Model.Runtime;

namespace Dpvr.Cli.Hosts;

/// <summary>The devices of <c>--devices</c>.</summary>
internal static class DeviceList
{
    /// <summary>Each device as <c>--device</c> takes it; empty when <c>--devices</c> was not given.</summary>
    /// <exception cref="UsageException">It is no list of devices, or contradicts <c>--device</c>.</exception>
    public static IReadOnlyList<string> Parse(string? devices, string? device)
    {
        if (devices is null) return [];
        if (device is not null) throw new UsageException("--devices and --device contradict each other; allowed: one of them.");
        if (devices == "all")
        {
            var found = MachineDevices.Find().Where(static d => d.Name.StartsWith("cuda:", StringComparison.Ordinal)).Select(static d => d.Name).ToList();
            return found.Count > 0 ? found : throw new UsageException("--devices: all: this machine has no CUDA device; allowed where there is none: --device cpu.");
        }
        var numbers = devices.Split(',', StringSplitOptions.TrimEntries);
        if (!numbers.All(static n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _)) || numbers.Distinct(StringComparer.Ordinal).Count() != numbers.Length)
            throw new UsageException($"--devices: '{devices}' is not allowed; allowed: all, or different numbers of CUDA devices as in 0,1.");
        return [.. numbers.Select(static n => $"cuda:{n}")];
    }
}
