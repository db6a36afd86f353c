using System.Net;
using System.Net.Sockets;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.TestKit.Tests.Servers;

/// <summary>What a test may do to a real server, with each of them.</summary>
public sealed class ServerProcessTests
{
    [Fact]
    public async Task Redis_KilledStoppedAndSuspended_ComesBackOnItsPort()
    {
        Assert.SkipUnless(RedisServer.Missing is null, RedisServer.Missing ?? "");
        await using var server = await RedisServer.StartAsync(appendOnly: true);
        await CheckAsync(server);
    }

    [Fact]
    public async Task Redis_AppendOnly_KeepsItsDataOverAKill()
    {
        Assert.SkipUnless(RedisServer.Missing is null, RedisServer.Missing ?? "");
        await using var server = await RedisServer.StartAsync(appendOnly: true);
        (await RedisAsync(server, "SET a 1\r\n", 5)).Should().Be("+OK\r\n");

        server.Kill();
        await server.StartAgainAsync();

        (await RedisAsync(server, "GET a\r\n", 7)).Should().Be("$1\r\n1\r\n");
    }

    [Fact]
    public async Task Postgres_KilledStoppedAndSuspended_ComesBackOnItsPort()
    {
        Assert.SkipUnless(PostgresServer.Missing is null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartAsync();
        await CheckAsync(server);
    }

    [Fact]
    public async Task Azurite_KilledStoppedAndSuspended_ComesBackOnItsPort()
    {
        Assert.SkipUnless(AzuriteServer.Missing is null, AzuriteServer.Missing ?? "");
        await using var server = await AzuriteServer.StartAsync();
        await CheckAsync(server);
    }

    private static async Task CheckAsync(ServerProcess server)
    {
        var port = server.Port;
        server.Kill();
        server.IsRunning.Should().BeFalse();
        (await ConnectsAsync(port)).Should().BeFalse();

        await server.StartAgainAsync();
        (await ConnectsAsync(port)).Should().BeTrue();

        server.Suspend();
        server.IsRunning.Should().BeTrue();
        server.Continue();
        (await server.StopAsync()).Should().BeTrue("SIGTERM ends it");
        (await ConnectsAsync(port)).Should().BeFalse();

        await server.StartAgainAsync();
        await server.RestartAsync();
        server.Port.Should().Be(port);
        await server.DisposeAsync();
        (await ConnectsAsync(port)).Should().BeFalse();
    }

    private static async Task<bool> ConnectsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> RedisAsync(RedisServer server, string command, int reply)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(command));
        var bytes = new byte[reply];
        await client.GetStream().ReadExactlyAsync(bytes);
        return System.Text.Encoding.ASCII.GetString(bytes);
    }
}
