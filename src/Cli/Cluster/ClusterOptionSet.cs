using System.CommandLine;
using System.Net;
using Dpvr.Cli.Options;
using Dpvr.Hosting.Cluster;

namespace Dpvr.Cli.Cluster;

/// <summary>Which cluster, and which store. What may hold a password can come from the environment, where other users of the machine do not see it.</summary>
internal sealed class ClusterOptionSet
{
    /// <summary>Environment variable in place of <c>--cluster</c>.</summary>
    public const string ClusterVariable = "DPVR_CLUSTER";

    /// <summary>Environment variable in place of <c>--store</c>.</summary>
    public const string StoreVariable = "DPVR_STORE";

    private readonly Option<string?> _cluster = new("--cluster", "-c") { HelpName = "address", Description = $"Where the cluster's members find each other: redis://host[:port] or postgres://user@host/database. Default: ${ClusterVariable}." };
    private readonly Option<string> _name = new("--cluster-name") { HelpName = "name", DefaultValueFactory = _ => "dpvr", Description = "Clusters of different names do not see each other at the same address. Default: dpvr." };
    private readonly Option<string?> _store = new("--store", "-s") { HelpName = "location", Description = $"Where jobs and results lie: a folder that every machine sees, azblob://container/prefix, or a SAS URL. Default: ${StoreVariable}." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_cluster, _name, _store]) command.Add(option);
    }

    /// <summary>True when a cluster is named on the command line.</summary>
    public bool IsNamed(ParseResult result) => result.GetValue(_cluster) is not null;

    /// <exception cref="UsageException">No address was given, or it is none.</exception>
    public DpvrClusterOptions Read(ParseResult result, IPAddress? listen = null, int siloPort = 0, int gatewayPort = 0)
    {
        var text = result.GetValue(_cluster) ?? Environment.GetEnvironmentVariable(ClusterVariable);
        if (string.IsNullOrEmpty(text)) throw new UsageException($"--cluster is missing, and {ClusterVariable} is not set; allowed: redis://host[:port] or postgres://user@host/database.");
        if (string.IsNullOrWhiteSpace(result.GetValue(_name))) throw new UsageException("--cluster-name: '' is not allowed; allowed: any text.");
        try
        {
            return new DpvrClusterOptions
            {
                Address = ClusterAddress.Parse(text),
                Name = result.GetValue(_name)!,
                Listen = listen ?? IPAddress.Loopback,
                SiloPort = siloPort,
                GatewayPort = gatewayPort,
            };
        }
        catch (FormatException e)
        {
            throw new UsageException($"--cluster: {e.Message}", e);
        }
    }

    /// <exception cref="UsageException">No store was given.</exception>
    public string Store(ParseResult result) =>
        (result.GetValue(_store) ?? Environment.GetEnvironmentVariable(StoreVariable)) is { Length: > 0 } store
            ? store
            : throw new UsageException($"--store is missing, and {StoreVariable} is not set; allowed: a folder, azblob://container/prefix, or a SAS URL.");
}
