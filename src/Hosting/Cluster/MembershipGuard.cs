using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using StackExchange.Redis;

namespace Dpvr.Hosting.Cluster;

/// <summary>
/// Ends a silo that its membership store no longer knows: a store that lost its data (a Redis without persistence, restarted) would let new silos form a
/// cluster beside the old one. Jobs live in blobs, so ending and being started again loses nothing.
/// </summary>
public sealed partial class MembershipGuard(IMembershipTable table, ILocalSiloDetails silo, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<MembershipGuard> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private const int MissesThatCount = 3;
    private volatile bool _isForgotten;

    /// <summary>True once the store was found not to know this silo.</summary>
    public bool IsForgotten => _isForgotten;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var misses = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            switch (await KnowsAsync(stoppingToken))
            {
                case true: misses = 0; break;
                case null: misses = 0; break; // it does not answer: that is an outage, not a loss
                case false when lifetime.ApplicationStarted.IsCancellationRequested && ++misses >= MissesThatCount:
                    _isForgotten = true;
                    LogForgotten(silo.SiloAddress.ToString());
                    lifetime.StopApplication();
                    return;
            }
        }
    }

    private async Task<bool?> KnowsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var members = await table.ReadAllAsync(cancellationToken).WaitAsync(Interval, time, cancellationToken);
            return members.Members.Any(m => m.Item1.SiloAddress.Equals(silo.SiloAddress));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnread(e.GetType().Name);
            return IsOutage(e) ? null : false;
        }
    }

    // A Redis that lost its data and was written to since answers with a table that cannot be read: rows without the table's version.
    private static bool IsOutage(Exception e) => e is RedisException or NpgsqlException or SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException;

    [LoggerMessage(1, LogLevel.Critical, "The membership store has lost this silo ({Silo}): its data is gone. The silo ends, to be started again; jobs lose nothing")]
    private partial void LogForgotten(string silo);

    [LoggerMessage(2, LogLevel.Warning, "The membership store does not answer ({Kind}): running work goes on, nobody can join")]
    private partial void LogUnread(string kind);
}
