using Dpvr.Chaos.Harness;
using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Chaos.Faults;

internal sealed class F28CancelRacesEnd : Fault
{
    private const int Races = 5;

    public override int Number => 28;

    public override string Words => "a cancellation races the completion: one terminal state, and it never changes";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(new ChaosOptions(), static async cluster =>
    {
        await using var client = await cluster.ConnectAsync();
        for (var race = 0; race < Races; race++)
        {
            var spec = cluster.Run.Input.Job("*7.png");
            var job = await cluster.SubmitAsync(spec with { Sampling = spec.Sampling with { Seed = race } });
            // From the first shard of five (before the plan there is no output to check) to "just after": the last race comes when the end is written.
            if (race < Races - 1) await Poll.UntilAsync(async () => await job.CommittedAsync() > race, TimeSpan.FromSeconds(90), "the moment of the cancellation");
            else await job.EndAsync();
            await ClusterClient.CallAsync(() => client.Job(job.Id).CancelAsync(), CancellationToken.None);
            var end = await job.EndAsync();
            cluster.Run.Log($"race {race}: {end.Status}");
            if (race == Races - 1 && end.Status != JobStatus.Completed) throw new InvariantException("I6", "a job that was completed is cancelled");
            await ClusterClient.CallAsync(() => client.Job(job.Id).CancelAsync(), CancellationToken.None);
            await job.VerifyAsync(new JobExpectation { Status = end.Status });
            if (await cluster.Store.ReadEndAsync(job.Id) != end) throw new InvariantException("I6", $"the end of {job.Id} has changed");
        }
    });
}
