using Dpvr.Hosting.Cluster;
using Dpvr.TestKit.Servers;

namespace Dpvr.Hosting.Tests.Cluster;

/// <summary>The membership stores that a cluster can use, each a server of the test's own.</summary>
internal static class MembershipStore
{
    public static string? Missing(ClusterKind kind) => kind == ClusterKind.Redis ? RedisServer.Missing : PostgresServer.Missing;

    public static async Task<(ServerProcess Server, ClusterAddress Address)> StartAsync(ClusterKind kind, CancellationToken cancellationToken)
    {
        if (kind == ClusterKind.Redis)
        {
            var redis = await RedisServer.StartAsync(appendOnly: true, cancellationToken);
            return (redis, ClusterAddress.Parse($"redis://127.0.0.1:{redis.Port}"));
        }
        var postgres = await PostgresServer.StartAsync(cancellationToken);
        return (postgres, ClusterAddress.Parse($"postgres://dpvr@127.0.0.1:{postgres.Port}/postgres"));
    }
}
