using System.Net;
using System.Net.Sockets;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Urls;

/// <summary>
/// Connects to hosts that may be asked. A name is resolved once and every address of it is checked; what is dialled is one of those that were checked, so that a name that
/// changes its answer in between (DNS rebinding) gains nothing.
/// </summary>
internal sealed class CheckedDialer(IHostResolver resolver, IReadOnlyList<HostRule> allowed, TimeSpan connectTimeout, TimeProvider time)
{
    /// <exception cref="UrlRefusedException">The host may not be asked.</exception>
    /// <exception cref="SocketException">It cannot be found or reached.</exception>
    public async Task<Stream> DialAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host.Host, out var itself) ? [itself] : await resolver.ResolveAsync(host.Host, cancellationToken);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        // The message does not say which address it was: whoever asks learns nothing of the network from it.
        if (!allowed.Any(rule => rule.Allows(host.Host, host.Port)) && !addresses.All(PublicAddress.Is))
            throw new UrlRefusedException(ErrorCodes.UrlBlocked, $"The host '{host.Host}' is not on the public internet, and not allowed otherwise.");
        Exception? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await DialAsync(address, host.Port, cancellationToken);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                last = e is SocketException ? e : new SocketException((int)SocketError.TimedOut);
            }
        }
        throw last!;
    }

    private async Task<Stream> DialAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(connectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
