using System.Net;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Harness;

/// <summary>The membership store of the clusters: Redis, or what <c>DPVR_CHAOS_MEMBERSHIP</c> names.</summary>
internal static class ChaosMembership
{
    private const string Variable = "DPVR_CHAOS_MEMBERSHIP", Redis = "redis", Postgres = "postgres";

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing => IsPostgres ? PostgresServer.Missing : RedisServer.Missing;

    private static bool IsPostgres { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or Redis => false,
        Postgres => true,
        var other => throw new InvalidOperationException($"{Variable}={other} is no membership store; allowed: {Redis}, {Postgres}."),
    };

    /// <summary>Starts one; what it has acknowledged outlives kill -9.</summary>
    public static async Task<ServerProcess> StartAsync() => IsPostgres ? await PostgresServer.StartAsync() : await RedisServer.StartAsync(appendOnly: true);

    /// <summary>Its address as <c>--cluster</c> takes it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="relay">What passes connections on to it; null: nothing does.</param>
    public static string AddressOf(ServerProcess server, IPEndPoint? relay)
    {
        relay ??= new IPEndPoint(IPAddress.Loopback, server.Port);
        return server is PostgresServer ? $"postgres://{PostgresServer.User}@{relay}/{PostgresServer.Database}" : $"redis://{relay}";
    }
}
