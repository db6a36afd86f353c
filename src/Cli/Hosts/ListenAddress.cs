using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Dpvr.Cli.Hosts;

/// <summary>An address to listen on.</summary>
internal static class ListenAddress
{
    /// <exception cref="UsageException">It is none, or not one of a single interface.</exception>
    public static IPAddress Parse(string text)
    {
        if (text == "auto") return First() ?? throw new UsageException("--listen: this machine has no address but loopback; allowed: an IP address of this machine.");
        if (!IPAddress.TryParse(text, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            throw new UsageException($"--listen: '{text}' is not allowed; allowed: auto, or one IP address of this machine, which others reach it by.");
        return address;
    }

    private static IPAddress? First() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static n => n.GetIPProperties().UnicastAddresses)
        .Select(static a => a.Address)
        .FirstOrDefault(static a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
}
