using System.Net;
using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F12MembershipLost : Fault
{
    public override int Number => 12;

    public override string Words => "the membership store is killed: running work goes on, health says what is missing, members join when it is back";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions(), static async cluster =>
    {
        using var http = new HttpClient();
        var silo = cluster.Silos[0];
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(2);
        cluster.Membership.Kill();
        var before = await job.CommittedAsync();
        await Poll.UntilAsync(async () => await job.CommittedAsync() >= before + 4 || await cluster.Store.ReadEndAsync(job.Id) is not null, TimeSpan.FromSeconds(60), "work goes on without the membership store");
        await Poll.UntilAsync(async () => await ReadyAsync() is (HttpStatusCode.ServiceUnavailable, var text) && text.Contains("membership", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "health says that the membership store is missing");
        await cluster.Membership.StartAgainAsync();
        await Poll.UntilAsync(async () => await ReadyAsync() is (HttpStatusCode.OK, _), TimeSpan.FromSeconds(60), "health is well again");
        await cluster.AddWorkerAsync();
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });

        async Task<(HttpStatusCode, string)> ReadyAsync()
        {
            using var reply = await http.GetAsync(new Uri($"http://127.0.0.1:{silo.HealthPort}/health/ready"));
            return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
        }
    });
}
