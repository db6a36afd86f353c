using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Tests;

namespace Dpvr.Silo.Tests.Board;

/// <summary>Jobs go on although nobody asks for them (faults 4, 5).</summary>
public sealed class BoardKeeperTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public BoardKeeperTests()
    {
        for (var i = 0; i < 8; i++) _source.File($"p{i}.png", $"picture {i}");
    }

    public void Dispose()
    {
        _source.Dispose();
        _output.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Keeper_OfAJobThatNoBoardEverKnew_TakesItUp()
    {
        var store = new JobStore(new FileBlobStore(_output.Path), JobLayout.Embedded);
        await store.CreateSpecAsync(new JobId("forgotten"), Samples.Spec(_source.Path) with { Weight = 2, Priority = 3 });
        await using var cluster = await StartAsync();

        var lease = await FirstLeaseAsync(cluster.Worker());

        lease.Job.Should().Be(new JobId("forgotten"));
        (await cluster.Board.ListAsync(new JobQuery())).Jobs.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Weight = 2.0, Priority = 3 });
    }

    [Fact]
    public async Task Keeper_WithNoWorkerLeft_FinishesWhatIsDone()
    {
        JobId job;
        await using (var cluster = await StartAsync())
        {
            job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
            var worker = cluster.Worker();
            await worker.CommitAsync(await FirstLeaseAsync(worker));
            await worker.CommitAsync(await FirstLeaseAsync(worker));
            await cluster.KillAsync();
        }
        await using var next = await StartAsync();

        await UntilAsync(async () =>
        {
            next.Time.Advance(TimeSpan.FromSeconds(1));
            return await next.Store.ReadEndAsync(job) is not null;
        });

        (await next.Store.ReadEndAsync(job))!.Status.Should().Be(JobStatus.Completed);
        (await next.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Keeper_OfAPausedJob_LeavesItPaused()
    {
        JobId job;
        await using (var cluster = await StartAsync())
        {
            job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
            await FirstLeaseAsync(cluster.Worker());
            await cluster.Job(job).PauseAsync();
            await cluster.KillAsync();
        }
        await using var next = await StartAsync();
        await next.Job(job).StatusAsync(); // its lease has a whole term again from here on
        next.Time.Advance(TimeSpan.FromMinutes(10));
        for (var i = 0; i < 5; i++) await next.Board.TendAsync();

        (await next.Worker().LeaseAsync()).Should().BeNull();
        (await next.Job(job).ResumeAsync()).Paused.Should().BeFalse();
        (await next.Worker().RunAsync(job, _limit.Token)).Status.Should().Be(JobStatus.Completed);
    }

    private Task<Cluster> StartAsync() => Cluster.StartAsync(_output.Path, static o => (o.ExclusiveStore, o.ResumeJobsAtStart, o.KeepInterval) = (false, true, TimeSpan.FromMilliseconds(20)));

    private async Task<Lease> FirstLeaseAsync(FakeWorker worker)
    {
        Lease? lease = null;
        await UntilAsync(async () => (lease = await worker.LeaseAsync()) is not null);
        return lease!;
    }

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await holds()) await timer.WaitForNextTickAsync(_limit.Token);
    }
}
