using Dpvr.Chaos.Harness;
using Dpvr.Cli.Cluster;

namespace Dpvr.Chaos.Faults;

internal sealed class F13StateConflict : Fault
{
    public override int Number => 13;

    public override string Words => "a job's state is written by somebody else first (ETag conflict): read again, both changes stand (I2)";

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(ChaosOptions.Bare with { Silos = 0 }, static async cluster =>
    {
        await cluster.AddSiloAsync(Failpoint.At("before-control=delay:1500@1"));
        await cluster.AddWorkerAsync(); // not before: it is ready when there is a silo
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        await job.MoreCommittedAsync(2);
        await using (var client = await cluster.ConnectAsync())
        {
            var change = client.Job(job.Id).SetShareAsync(3, 7);
            // The silo has read the state and waits before its write: here is the other writer.
            var (control, etag) = await cluster.Store.ReadControlVersionAsync(job.Id);
            (await cluster.Store.TryWriteControlAsync(job.Id, control with { Paused = true }, etag)).Should().NotBeNull("the silo waits");
            change.IsCompleted.Should().BeFalse("the other write came in between");
            await change;
        }
        var (stands, _) = await cluster.Store.ReadControlVersionAsync(job.Id);
        if (stands is not { Paused: true, Weight: 3, Priority: 7 }) throw new InvariantException("I2", $"one change was lost: {stands}");
        await using (var client = await cluster.ConnectAsync()) await ClusterClient.CallAsync(() => client.Job(job.Id).ResumeAsync(), CancellationToken.None);
        await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
    });
}
