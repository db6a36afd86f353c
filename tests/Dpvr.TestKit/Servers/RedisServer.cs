using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Servers;

/// <summary>A Redis of a test's own.</summary>
public sealed class RedisServer : ServerProcess
{
    private static readonly string? s_program = Programs.Find("redis-server", "/usr/bin", "/usr/local/bin");
    private readonly bool _appendOnly;

    private RedisServer(bool appendOnly) => _appendOnly = appendOnly;

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing => s_program is null ? "redis-server is not installed (Debian: apt-get install redis-server)" : null;

    /// <inheritdoc/>
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one.</summary>
    /// <param name="appendOnly">True keeps every acknowledged write over kill -9 (append-only file); false keeps nothing over a restart.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<RedisServer> StartAsync(bool appendOnly = false, CancellationToken cancellationToken = default)
    {
        var server = new RedisServer(appendOnly);
        return server.StartFirstAsync(server, cancellationToken);
    }

    private protected override ChildProcess Launch() => ChildProcess.Start(
        s_program ?? throw new InvalidOperationException(Missing),
        ["--bind", "127.0.0.1", "--port", $"{Port}", "--dir", Folder.Path, "--save", "", "--appendonly", _appendOnly ? "yes" : "no", "--daemonize", "no"]);

    private protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
        var reply = new byte[7];
        var read = await client.GetStream().ReadAtLeastAsync(reply, reply.Length, throwOnEndOfStream: false, cancellationToken);
        return reply.AsSpan(0, read).SequenceEqual("+PONG\r\n"u8);
    }
}
