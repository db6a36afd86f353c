using System.Net;
using System.Net.Sockets;

namespace Dpvr.Data.Urls;

/// <summary>
/// Which addresses are of the public internet: those that IANA's registries of special-purpose addresses (RFC 6890 and its updates) call globally reachable. Addresses that
/// carry another one inside (IPv4-mapped, 6to4, Teredo, NAT64) are refused whatever they carry.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] s_refused =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        }.Select(static network => IPNetwork.Parse(network)),
    ];

    // All that is given out of IPv6 today; whatever is not in it (loopback, mapped, NAT64, local, multicast) is not public.
    private static readonly IPNetwork s_unicast = IPNetwork.Parse("2000::/3");

    public static bool Is(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !s_refused.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && address.ScopeId == 0 && s_unicast.Contains(address) && !s_refused.Any(network => network.Contains(address)),
        _ => false,
    };
}
