using System.Net;

namespace Dpvr.Data.Urls;

/// <summary>Turns a host's name into addresses.</summary>
public interface IHostResolver
{
    /// <summary>All addresses of a host; of an address, itself.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such host.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
