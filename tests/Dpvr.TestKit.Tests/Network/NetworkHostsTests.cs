using Dpvr.TestKit.Network;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Tests.Network;

public sealed class NetworkHostsTests
{
    [Fact]
    public async Task Cut_OneWayBothWaysAndHealed_PacketsVanishAndComeAgain()
    {
        Assert.SkipUnless(NetworkHosts.Missing is null, NetworkHosts.Missing ?? "");
        var ping = Programs.Find("python3", "/usr/bin");
        Assert.SkipWhen(ping is null, "python3 sends the packets");
        await using var network = await NetworkHosts.CreateAsync();
        var (one, other) = (await network.AddAsync(), await network.AddAsync());

        (await ConnectsAsync()).Should().BeTrue();
        await network.CutOneWayAsync(one, other);
        (await ConnectsAsync()).Should().BeFalse();
        await network.HealOneWayAsync(one, other);
        (await ConnectsAsync()).Should().BeTrue();
        await network.CutAsync(one, other);
        (await ConnectsAsync()).Should().BeFalse();

        // A connection to a port that nobody listens on is refused when the packets pass, and times out when they do not.
        async Task<bool> ConnectsAsync()
        {
            var script = $"import socket\ns=socket.socket()\ns.settimeout(2)\ntry:\n s.connect(('{network.AddressOf(other)}',9))\nexcept ConnectionRefusedError:\n print('refused')\nexcept OSError:\n print('lost')";
            var launcher = network.Launcher(one);
            using var child = ChildProcess.Start(launcher[0], [.. launcher.Skip(1), ping!, "-c", script]);
            return (await child.EndAsync()).Out.Contains("refused", StringComparison.Ordinal);
        }
    }
}
