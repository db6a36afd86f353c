using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Dpvr.Silo.Api.Limits;

/// <summary>
/// Calls without a key or token, or with one that has not opened anything yet: they are counted by their address before anything is looked up or checked, so that a flood of
/// wrong keys costs nothing. Who was let in once passes by, whoever else calls from the same address, as all do behind a proxy.
/// </summary>
internal sealed class UnknownCallers(ApiOptions options) : IDisposable
{
    private const int Most = 4096;
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetTokenBucketLimiter(AddressOf(context.Connection.RemoteIpAddress), _ => CallRates.Bucket(Math.Max(1, options.RequestsPerSecond / 10))));

    // Hashes under a seed of this process, not the keys themselves. Two that are equal by chance are only looked up once more.
    private readonly ConcurrentDictionary<int, bool> _known = new();

    /// <summary>Before authentication.</summary>
    public async Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        var credential = Caller.CredentialOf(context.Request);
        var isFree = credential is null ? context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null : _known.ContainsKey(credential.GetHashCode(StringComparison.Ordinal));
        if (!isFree)
        {
            using var lease = _limiter.AttemptAcquire(context);
            if (!lease.IsAcquired)
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                CallRates.SayWhen(context, lease);
                return;
            }
        }
        await next(context);
    }

    /// <summary>After it.</summary>
    public Task RememberAsync(HttpContext context, RequestDelegate next)
    {
        if (Caller.CredentialOf(context.Request) is { } credential)
        {
            var hash = credential.GetHashCode(StringComparison.Ordinal);
            if (context.User.Identity is not { IsAuthenticated: true }) _known.TryRemove(hash, out _); // revoked, or over
            else if (!_known.ContainsKey(hash))
            {
                if (_known.Count >= Most) _known.Clear(); // tokens come and go
                _known[hash] = true;
            }
        }
        return next(context);
    }

    public void Dispose() => _limiter.Dispose();

    // A host of IPv6 has as many addresses as it likes: what its network is counts.
    internal static string AddressOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
