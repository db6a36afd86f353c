using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Tests;

namespace Dpvr.Silo.Tests.Jobs;

/// <summary>What people ask of jobs while they run, and after.</summary>
public sealed class JobControlTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public JobControlTests()
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
    public async Task SetShareAsync_BeforeAKill_StandsAfterIt()
    {
        JobId job;
        await using (var cluster = await Cluster.StartAsync(_output.Path))
        {
            job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
            (await cluster.Job(job).SetShareAsync(2.5, 7)).Should().BeEquivalentTo(new { Weight = 2.5, Priority = 7 });
            await cluster.KillAsync();
        }
        await using var next = await Cluster.StartAsync(_output.Path);

        (await next.Job(job).StatusAsync()).Should().BeEquivalentTo(new { Weight = 2.5, Priority = 7 });
        await Assert.ThrowsAnyAsync<ArgumentException>(() => next.Job(job).SetShareAsync(0, 1));
    }

    [Fact]
    public async Task SetShareAsync_ToAHigherPriority_ComesFirstStrictly()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var low = new JobId("low");
        var high = new JobId("high");
        await cluster.Job(low).StartAsync(Samples.Spec(_source.Path, 1));
        await cluster.Job(high).StartAsync(Samples.Spec(_source.Path, 1));
        await cluster.Job(high).SetShareAsync(0.001, 1);
        await UntilAsync(async () => (await cluster.Job(high).StatusAsync()).Status == JobStatus.InProgress && (await cluster.Job(low).StatusAsync()).Status == JobStatus.InProgress);
        var worker = cluster.Worker();

        var jobs = new List<JobId>();
        for (var i = 0; i < 10; i++) jobs.Add((await worker.LeaseAsync())!.Job);

        jobs.Should().Equal([.. Enumerable.Repeat(high, 8), low, low]);
    }

    [Fact]
    public async Task ListAsync_OfFinishedAndUnfinishedJobs_PagesThroughAll()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        foreach (var name in new[] { "a", "b", "c" }) await cluster.Job(new JobId(name)).StartAsync(Samples.Spec(_source.Path));
        await cluster.Job(new JobId("b")).CancelAsync();
        await UntilAsync(async () => (await cluster.Job(new JobId("b")).StatusAsync()).Status.IsTerminal());
        await cluster.Job(new JobId("c")).PauseAsync();

        var first = await cluster.Board.ListAsync(new JobQuery { Limit = 2 });
        var second = await cluster.Board.ListAsync(new JobQuery { Limit = 2, After = first.Next });
        var open = await cluster.Board.ListAsync(new JobQuery { UnfinishedOnly = true });

        first.Jobs.Select(static j => j.Job.Value).Should().Equal("a", "b");
        first.Jobs[1].Status.Should().Be(JobStatus.Cancelled);
        second.Jobs.Should().ContainSingle().Which.Paused.Should().BeTrue();
        second.Next.Should().BeNull();
        open.Jobs.Select(static j => j.Job.Value).Should().Equal("a", "c");
    }

    [Fact]
    public async Task RetryFailedAsync_OfAFinishedJob_ComputesTheFailedAloneAndMayBeRepeated()
    {
        _source.File("p4.png", "bad");
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => cluster.Job(job).RetryFailedAsync());
        await cluster.Worker().RunAsync(job, _limit.Token);
        _source.File("p4.png", "good now");

        var next = await cluster.Job(job).RetryFailedAsync();
        (await cluster.Job(job).RetryFailedAsync()).Should().Be(next);
        var worker = cluster.Worker();
        var progress = await worker.RunAsync(next, _limit.Token);

        next.Should().NotBe(job);
        worker.Computed.Should().Be(1);
        progress.Requests.Should().Be(new Counts { Total = 8, Succeeded = 8, Reused = 7 });
        (await cluster.Job(next).RetryFailedAsync()).Should().Be(next, "nothing failed");
    }

    [Theory]
    [InlineData(ErrorCodes.OutputFull)]
    [InlineData(ErrorCodes.AuthExpired)]
    public async Task ReportAsync_OfAFaultThatAPersonMustMend_PausesTheJobUntilThen(string code)
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path) with { MaxAttempts = 1 })).Job;
        var worker = cluster.Worker();
        Lease? lease = null;
        await UntilAsync(async () => (lease = await worker.LeaseAsync()) is not null);
        await worker.ReportAsync(lease!, AttemptOutcome.Failed, new ItemError(code, "said the store"));
        cluster.Time.Advance(TimeSpan.FromHours(1));
        await cluster.Job(job).TendAsync();

        (await cluster.Job(job).StatusAsync()).Should().Match<JobProgress>(p => p.Paused && p.Error!.Code == code);
    }

    [Fact]
    public async Task ReportAsync_OfAWorkerThatCannotReachTheStore_GivesItsShardToOthers()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path) with { MaxAttempts = 1 })).Job;
        var cut = cluster.Worker("cut");
        Lease? lease = null;
        await UntilAsync(async () => (lease = await cut.LeaseAsync()) is not null);

        await cut.ReportAsync(lease!, AttemptOutcome.Failed, new ItemError(ErrorCodes.StoreUnavailable, "no route"));

        (await cluster.Job(job).StatusAsync()).Paused.Should().BeFalse("the coordinator reaches it");
        (await cluster.Worker("other").RunAsync(job, _limit.Token)).Requests.Total.Should().Be(8);
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task TendAsync_AfterTheCoordinatorCouldNotReachTheStore_TriesAgainByItself()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
        var worker = cluster.Worker();
        Lease? lease = null;
        await UntilAsync(async () => (lease = await worker.LeaseAsync()) is not null);
        cluster.Outage.IsOut = true;
        await worker.ReportAsync(lease!, AttemptOutcome.Failed, new ItemError(ErrorCodes.StoreUnavailable, "no route"));
        cluster.Outage.IsOut = false;
        (await cluster.Job(job).StatusAsync()).Should().Match<JobProgress>(static p => p.Paused && p.Error!.Code == ErrorCodes.StoreUnavailable);

        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        await cluster.Job(job).TendAsync();

        (await cluster.Job(job).StatusAsync()).Paused.Should().BeFalse();
        // That the lease was given back could not be written: it ends by its time.
        cluster.Time.Advance(TimeSpan.FromSeconds(21));
        (await cluster.Worker("other").RunAsync(job, _limit.Token)).Requests.Total.Should().Be(8);
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task PlanAsync_WhenTheStoreFailsRightAfterThePlanIsWritten_IsTakenUpAgain(bool cancel)
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        cluster.Outage.Refuses = static key => key.EndsWith("/leases/", StringComparison.Ordinal);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
        await UntilAsync(async () => (await cluster.Job(job).StatusAsync()).Error is not null);
        (await cluster.Store.ReadPlanAsync(job)).Should().NotBeNull();
        cluster.Outage.Refuses = static _ => false;

        if (cancel) await cluster.Job(job).CancelAsync();
        else
        {
            cluster.Time.Advance(TimeSpan.FromSeconds(6));
            await cluster.Job(job).TendAsync();
        }

        var end = await cluster.Worker().RunAsync(job, _limit.Token);
        (end.Status, end.Requests.Total).Should().Be((cancel ? JobStatus.Cancelled : JobStatus.Completed, 8));
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task CancelAsync_WhilePausedByAnError_StillEndsTheJob()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
        var worker = cluster.Worker();
        Lease? lease = null;
        await UntilAsync(async () => (lease = await worker.LeaseAsync()) is not null);
        await worker.ReportAsync(lease!, AttemptOutcome.Failed, new ItemError(ErrorCodes.OutputFull, "no room"));

        await cluster.Job(job).CancelAsync();

        await UntilAsync(async () => (await cluster.Job(job).StatusAsync()).Status == JobStatus.Cancelled);
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Cancel_RacingACompletionInASplitCluster_LeavesOneEnd()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            using var output = new TempFolder();
            await using var one = await Cluster.StartAsync(output.Path, static o => o.ExclusiveStore = false);
            await using var other = await Cluster.StartAsync(output.Path, static o => o.ExclusiveStore = false);
            var job = (await one.Launcher.LaunchAsync(Samples.Spec(_source.Path))).Job;
            var worker = one.Worker();
            var leases = new List<Lease>();
            await UntilAsync(async () =>
            {
                if (await worker.LeaseAsync() is { } lease) leases.Add(lease);
                return leases.Count == 2;
            });
            await worker.WorkAsync(leases[0]);
            await other.Job(job).StatusAsync();
            await worker.CommitAsync(leases[1]);
            var done = seed % 2 == 0;

            await Task.WhenAll(
                done ? worker.ReportAsync(leases[1], AttemptOutcome.Committed) : Task.CompletedTask,
                other.Job(job).CancelAsync(),
                other.Worker().ReportAsync(leases[1], AttemptOutcome.Released));
            await UntilAsync(async () => (await one.Job(job).TendAsync()) is null && (await other.Job(job).TendAsync()) is null);

            var ends = new[] { (await one.Job(job).StatusAsync()).Status, (await other.Job(job).StatusAsync()).Status, (await one.Store.ReadEndAsync(job))!.Status };
            ends.Distinct().Should().ContainSingle();
            (await one.VerifyAsync()).Findings.Should().BeEmpty();
        }
    }

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds()) _limit.Token.ThrowIfCancellationRequested();
    }
}
