using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Dpvr.TestKit.Servers;

/// <summary>Ports of the loopback address that nobody listens on.</summary>
public static class FreePort
{
    // Below the ports that the system gives to outgoing connections (from 32768 on Linux), of which tests that run beside each other open thousands.
    private const int First = 10_000, End = 32_768;
    private static readonly ConcurrentDictionary<int, bool> s_given = [];

    /// <summary>One that was free a moment ago and that this process has not given away before. Another process may take it: whoever uses it must be ready to ask again.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (IsFree(port) && s_given.TryAdd(port, true)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
