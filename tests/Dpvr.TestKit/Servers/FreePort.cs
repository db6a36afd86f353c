using System.Net;
using System.Net.Sockets;

namespace Dpvr.TestKit.Servers;

/// <summary>Ports of the loopback address that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>One that was free a moment ago. Somebody else may take it: whoever uses it must be ready to ask again.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
