using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dpvr.Hosting.Cluster;
using Dpvr.Hosting.Health;
using Dpvr.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Dpvr.Hosting.Tests.Cluster;

public sealed class DpvrClusterTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    [Theory, InlineData(ClusterKind.Redis), InlineData(ClusterKind.Postgres)]
    public async Task UseDpvrCluster_TwoSilosAndAClient_FindEachOther(ClusterKind kind)
    {
        Assert.SkipUnless(MembershipStore.Missing(kind) is null, MembershipStore.Missing(kind) ?? "");
        var (server, address) = await MembershipStore.StartAsync(kind, _limit.Token);
        await using var _ = server;
        await Task.WhenAll(DpvrCluster.PrepareAsync(address, _limit.Token), DpvrCluster.PrepareAsync(address, _limit.Token));
        using var one = Silo(address);
        using var two = Silo(address);
        using var client = Client(address);
        await Task.WhenAll(one.StartAsync(_limit.Token), two.StartAsync(_limit.Token), client.StartAsync(_limit.Token));

        var hosts = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);

        hosts.Should().HaveCount(2);
        await Task.WhenAll(client.StopAsync(_limit.Token), one.StopAsync(_limit.Token), two.StopAsync(_limit.Token));
    }

    [Theory, InlineData(ClusterKind.Redis), InlineData(ClusterKind.Postgres)]
    public async Task PrepareAsync_WhenNobodyAnswers_SaysSoWithoutThePassword(ClusterKind kind)
    {
        var port = FreePort.Next();
        var address = ClusterAddress.Parse(kind == ClusterKind.Redis ? $"redis://me:hunter2@127.0.0.1:{port}" : $"postgres://me:hunter2@127.0.0.1:{port}/dpvr");

        var refused = await Assert.ThrowsAsync<ClusterUnavailableException>(() => DpvrCluster.PrepareAsync(address, _limit.Token));

        refused.Message.Should().Contain($"127.0.0.1:{port}").And.NotContain("hunter2");
    }

    [Fact]
    public async Task Health_WhenTheMembershipStoreDiesAndComesBack_IsDegradedAndThenReady()
    {
        Assert.SkipUnless(MembershipStore.Missing(ClusterKind.Redis) is null, MembershipStore.Missing(ClusterKind.Redis) ?? "");
        var (server, address) = await MembershipStore.StartAsync(ClusterKind.Redis, _limit.Token);
        await using var _ = server;
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        using var silo = Silo(address, listen);
        await silo.StartAsync(_limit.Token);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{listen}") };
        (await UntilAsync(http, HttpStatusCode.OK)).GetProperty("status").GetString().Should().Be("ready");

        server.Kill();
        var degraded = await UntilAsync(http, HttpStatusCode.ServiceUnavailable);
        degraded.GetProperty("checks").GetProperty("membership").GetString().Should().StartWith("the membership store does not answer");
        (await http.GetAsync(new Uri("/health/live", UriKind.Relative), _limit.Token)).StatusCode.Should().Be(HttpStatusCode.OK);

        await server.StartAgainAsync(_limit.Token);
        (await UntilAsync(http, HttpStatusCode.OK)).GetProperty("checks").GetProperty("membership").GetString().Should().Be("ok");
        (await http.GetAsync(new Uri("/metrics", UriKind.Relative), _limit.Token)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        await silo.StopAsync(_limit.Token);
    }

    [Fact]
    public async Task Silo_WhenTheMembershipStoreLostItsData_EndsToBeStartedAgain()
    {
        Assert.SkipUnless(RedisServer.Missing is null, RedisServer.Missing ?? "");
        await using var server = await RedisServer.StartAsync(appendOnly: false, _limit.Token);
        // Not stopped and not disposed, as in dpvr silo: it would try for minutes to say goodbye to a table that does not know it.
        var silo = Silo(ClusterAddress.Parse($"redis://127.0.0.1:{server.Port}"));
        await silo.StartAsync(_limit.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, silo.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);

        server.Kill();
        await server.StartAgainAsync(_limit.Token);
        await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        silo.Services.GetRequiredService<MembershipGuard>().IsForgotten.Should().BeTrue();
    }

    private async Task<JsonElement> UntilAsync(HttpClient http, HttpStatusCode status)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), _limit.Token);
            if (answer.StatusCode == status) return await answer.Content.ReadFromJsonAsync<JsonElement>(_limit.Token);
            await timer.WaitForNextTickAsync(_limit.Token);
        }
    }

    private static IHost Silo(ClusterAddress address, IPEndPoint? health = null)
    {
        var builder = DpvrHost.CreateBuilder(LogFormat.None);
        builder.UseOrleans(silo => silo.UseDpvrCluster(new DpvrClusterOptions { Address = address }));
        builder.Services.AddDpvrHealth(health).AddDpvrMembershipCheck();
        return builder.Build();
    }

    private static IHost Client(ClusterAddress address)
    {
        var builder = DpvrHost.CreateBuilder(LogFormat.None);
        builder.UseOrleansClient(client => client.UseDpvrCluster(new DpvrClusterOptions { Address = address }, TimeSpan.FromMinutes(1)));
        return builder.Build();
    }

    public void Dispose() => _limit.Dispose();
}
