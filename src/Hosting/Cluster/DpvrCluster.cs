using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace Dpvr.Hosting.Cluster;

/// <summary>
/// Joins hosts to a cluster. Failure detection as measured: probes every 2 s, three missed ones and two votes declare a silo dead, so that its grains
/// live elsewhere within about 10 s; a call without an answer ends after 10 s and is repeated by its caller.
/// </summary>
public static class DpvrCluster
{
    private const string PostgresInvariant = "Npgsql";
    private static readonly TimeSpan Response = TimeSpan.FromSeconds(10);

    /// <summary>Makes a silo a member.</summary>
    public static ISiloBuilder UseDpvrCluster(this ISiloBuilder silo, DpvrClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        silo.Services.TryAddSingleton(options);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<MembershipGuard>().AddHostedService(static provider => provider.GetRequiredService<MembershipGuard>());
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Name, options.Name));
        silo.Configure<EndpointOptions>(o =>
        {
            o.AdvertisedIPAddress = options.Listen;
            o.SiloPort = options.SiloPort > 0 ? options.SiloPort : FreePort(options.Listen);
            o.GatewayPort = options.GatewayPort > 0 ? options.GatewayPort : FreePort(options.Listen);
            o.SiloListeningEndpoint = new IPEndPoint(options.Listen, o.SiloPort);
            o.GatewayListeningEndpoint = new IPEndPoint(options.Listen, o.GatewayPort);
        });
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(2);
            o.NumMissedProbesLimit = 3;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            // Who has not signed the table three times in a row is no longer asked for its vote: else one survivor of three would wait 90 s for a vote of the dead.
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            o.MaxJoinAttemptTime = TimeSpan.FromMinutes(2);
            o.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
        silo.Configure<SiloMessagingOptions>(static o => (o.ResponseTimeout, o.SystemResponseTimeout) = (Response, Response));
        return options.Address.Kind == ClusterKind.Redis
            ? silo.UseRedisClustering(o => o.ConfigurationOptions = options.Address.ToRedis())
            : silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (PostgresInvariant, options.Address.ToPostgres()));
    }

    /// <summary>Makes a client that finds the cluster's silos, waits for the first, and comes back after all were gone.</summary>
    public static IClientBuilder UseDpvrCluster(this IClientBuilder client, DpvrClusterOptions options, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        client.Services.TryAddSingleton(options);
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Name, options.Name));
        client.Configure<GatewayOptions>(static o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
        client.Configure<ClientMessagingOptions>(static o => o.ResponseTimeout = Response);
        var retry = new ConnectionPatience(patience, TimeProvider.System);
        client.UseConnectionRetryFilter(retry.AgainAsync);
        return options.Address.Kind == ClusterKind.Redis
            ? client.UseRedisClustering(o => o.ConfigurationOptions = options.Address.ToRedis())
            : client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (PostgresInvariant, options.Address.ToPostgres()));
    }

    /// <summary>Checks that the membership store answers, and prepares it where that is needed.</summary>
    /// <exception cref="ClusterUnavailableException">It does not answer.</exception>
    public static async Task PrepareAsync(ClusterAddress address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            if (address.Kind == ClusterKind.Postgres)
            {
                await PostgresSchema.CreateAsync(address.ToPostgres(), cancellationToken);
                return;
            }
            var once = address.ToRedis();
            once.AbortOnConnectFail = true;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(once).WaitAsync(cancellationToken);
            await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is RedisException or Npgsql.NpgsqlException or SocketException or TimeoutException)
        {
            throw new ClusterUnavailableException($"the membership store {address} does not answer: {Reason(e)}", e);
        }
    }

    // Redis' own message is a page of counters; only its first sentence says something.
    private static string Reason(Exception e) => e is RedisException ? e.Message.Split(". ", 2)[0].Split(" (", 2)[0] : e.Message;

    // The system picks a port that is free now: two silos on one machine do not meet.
    private static int FreePort(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
