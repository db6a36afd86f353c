using Orleans.Runtime;

namespace Dpvr.Silo.Messages;

/// <summary>Whose work it is to answer: each silo's, until it is no more a member of the cluster.</summary>
internal sealed class BusOwner(ILocalSiloDetails silo, IGrainFactory grains)
{
    /// <summary>This silo, as a part of a blob's key.</summary>
    public string Name => NameOf(silo.SiloAddress);

    /// <summary>All members, in an order that all of them see alike.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(CancellationToken cancellationToken)
    {
        var hosts = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
        return [.. hosts.Keys.Select(NameOf).Order(StringComparer.Ordinal)];
    }

    private static string NameOf(SiloAddress address) => string.Concat(address.ToParsableString().Select(static c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-'));
}
