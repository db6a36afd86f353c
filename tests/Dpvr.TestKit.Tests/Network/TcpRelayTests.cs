using System.Net;
using System.Net.Sockets;
using Dpvr.TestKit.Network;

namespace Dpvr.TestKit.Tests.Network;

public sealed class TcpRelayTests
{
    [Fact]
    public async Task Cut_ThenHealed_WhatWasSentMeanwhileArrives()
    {
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        await using var relay = new TcpRelay(((IPEndPoint)target.LocalEndpoint).Port);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port);
        using var server = await target.AcceptTcpClientAsync();
        var seen = new byte[1];

        await client.GetStream().WriteAsync(new byte[] { 1 });
        await server.GetStream().ReadExactlyAsync(seen);
        seen[0].Should().Be(1);

        relay.Cut(oneWay: true);
        await client.GetStream().WriteAsync(new byte[] { 2 });
        await server.GetStream().WriteAsync(new byte[] { 3 });
        await client.GetStream().ReadExactlyAsync(seen);
        seen[0].Should().Be(3, "the answers' way is open");
        server.Available.Should().Be(0, "the other way is cut");

        relay.Heal();
        await server.GetStream().ReadExactlyAsync(seen);
        seen[0].Should().Be(2);
    }
}
