using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Tests;

namespace Dpvr.Silo.Tests.Jobs;

/// <summary>Leases over restarts, splits, jumping clocks and slow workers.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public LeaseTests()
    {
        for (var i = 0; i < 20; i++) _source.File($"p{i:D2}.png", $"picture {i}");
    }

    public void Dispose()
    {
        _source.Dispose();
        _output.Dispose();
        _limit.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Lease_WhenTheClockIsSetByAnHour_IsUnaffected(int hours)
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = await LaunchAsync(cluster, shardSize: 20);
        var lease = await FirstLeaseAsync(cluster.Worker("a"));
        cluster.Time.SetClock(TimeSpan.FromHours(hours));

        (await cluster.Worker("b").LeaseAsync()).Should().BeNull("it has not ended");
        (await cluster.Job(job).HeartbeatAsync(lease.Shard, lease.Attempt, lease.Token)).Should().Be(LeaseState.Held);
        cluster.Time.Advance(TimeSpan.FromSeconds(21));
        (await cluster.Worker("b").LeaseAsync())!.Attempt.Should().Be(2, "it ended by the time that passed");
    }

    [Fact]
    public async Task Heartbeat_AfterACoordinatorsDeath_KeepsTheWork()
    {
        JobId job;
        Lease lease;
        await using (var cluster = await Cluster.StartAsync(_output.Path, static o => o.ExclusiveStore = false))
        {
            job = await LaunchAsync(cluster, shardSize: 20);
            lease = await FirstLeaseAsync(cluster.Worker());
            await cluster.KillAsync();
        }
        await using var next = await Cluster.StartAsync(_output.Path, static o => (o.ExclusiveStore, o.ResumeJobsAtStart) = (false, true));

        (await next.Job(job).HeartbeatAsync(lease.Shard, lease.Attempt, lease.Token)).Should().Be(LeaseState.Held);
        next.Time.Advance(TimeSpan.FromSeconds(15));
        (await next.Worker("other").LeaseAsync()).Should().BeNull("it has its whole time again");
        (await next.Worker().WorkAsync(lease)).Should().Be(AttemptOutcome.Committed);
        (await next.Worker("other").RunAsync(job, _limit.Token)).Requests.Succeeded.Should().Be(20);
        (await next.Store.ReadAttemptAsync(job, lease.Shard, 2)).Should().BeNull("nothing was done twice");
    }

    [Fact]
    public async Task Lease_AfterACoordinatorsDeath_WaitsForTwoHeartbeatsAndNoLonger()
    {
        JobId job;
        await using (var cluster = await Cluster.StartAsync(_output.Path, static o => o.ExclusiveStore = false))
        {
            job = await LaunchAsync(cluster, shardSize: 20);
            await FirstLeaseAsync(cluster.Worker());
            await cluster.KillAsync();
        }
        await using var next = await Cluster.StartAsync(_output.Path, static o => (o.ExclusiveStore, o.ResumeJobsAtStart) = (false, true));
        (await next.Job(job).StatusAsync()).Leased.Should().Be(1);

        next.Time.Advance(TimeSpan.FromSeconds(12));
        (await next.Worker("other").LeaseAsync()).Should().BeNull("its worker may still live");
        next.Time.Advance(TimeSpan.FromSeconds(3));
        (await next.Worker("other").LeaseAsync())!.Attempt.Should().Be(2);
    }

    [Fact]
    public async Task Heartbeat_OfALeaseThatAnotherActivationGaveOut_IsHeld()
    {
        await using var one = await Cluster.StartAsync(_output.Path, static o => o.ExclusiveStore = false);
        var job = await LaunchAsync(one, shardSize: 10);
        await FirstLeaseAsync(one.Worker("a"));
        await using var other = await Cluster.StartAsync(_output.Path, static o => o.ExclusiveStore = false);
        await other.Job(job).StatusAsync();
        var lease = (await one.Worker("b").LeaseAsync())!;

        (await other.Job(job).HeartbeatAsync(lease.Shard, lease.Attempt, lease.Token)).Should().Be(LeaseState.Held);
        (await other.Job(job).HeartbeatAsync(lease.Shard, lease.Attempt, "forged")).Should().Be(LeaseState.Lost);
    }

    [Fact]
    public async Task StaleCommit_BeforeACoordinatorsDeath_IsCountedAfterIt()
    {
        JobId job;
        await using (var cluster = await Cluster.StartAsync(_output.Path))
        {
            job = await LaunchAsync(cluster, shardSize: 5);
            var zombie = cluster.Worker("zombie");
            var lease = await FirstLeaseAsync(zombie);
            cluster.Time.Advance(TimeSpan.FromSeconds(15));
            (await cluster.Worker("holder").LeaseAsync()).Should().NotBeNull("the job does not end");
            cluster.Time.Advance(TimeSpan.FromSeconds(6));
            var worker = cluster.Worker();
            while (await worker.LeaseAsync() is { } other) await worker.WorkAsync(other);
            (await zombie.WorkAsync(lease)).Should().Be(AttemptOutcome.Stale);
            await zombie.ReportAsync(lease, AttemptOutcome.Stale);
            (await cluster.Job(job).StatusAsync()).StaleCommits.Should().Be(1);
            await cluster.KillAsync();
        }
        await using var next = await Cluster.StartAsync(_output.Path, static o => o.ResumeJobsAtStart = true);

        (await next.Worker().RunAsync(job, _limit.Token)).StaleCommits.Should().Be(1);
        (await next.VerifyAsync()).Findings.Should().BeEmpty("an attempt that failed before it was refused counts still (I3)");
    }

    [Fact]
    public async Task Straggler_AtTheTail_IsTriedByAnotherAndTheFirstCommitWins()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = await LaunchAsync(cluster, shardSize: 4);
        var slow = cluster.Worker("slow");
        var fast = cluster.Worker("fast");
        var held = await FirstLeaseAsync(slow);
        for (var i = 0; i < 4; i++)
        {
            var lease = (await fast.LeaseAsync())!;
            cluster.Time.Advance(TimeSpan.FromSeconds(2));
            await fast.WorkAsync(lease);
        }
        (await fast.LeaseAsync()).Should().BeNull("it is not old enough");
        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        await cluster.Job(job).HeartbeatAsync(held.Shard, held.Attempt, held.Token);
        (await slow.LeaseAsync()).Should().BeNull("it is the slow one itself");
        cluster.Time.Advance(TimeSpan.FromSeconds(5));

        var backup = (await fast.LeaseAsync())!;
        cluster.Time.Advance(TimeSpan.FromSeconds(2));
        (await cluster.Worker("third").LeaseAsync()).Should().BeNull("one backup is enough");
        (await cluster.Job(job).HeartbeatAsync(held.Shard, held.Attempt, held.Token)).Should().Be(LeaseState.Held, "who began first may still win");
        await fast.WorkAsync(backup);
        (await slow.WorkAsync(held)).Should().Be(AttemptOutcome.Stale);

        (backup.Shard, backup.Attempt).Should().Be((held.Shard, 2));
        var progress = await fast.RunAsync(job, _limit.Token);
        progress.Should().BeEquivalentTo(new { Status = JobStatus.Completed, StaleCommits = 1L, Requests = new Counts { Total = 20, Succeeded = 20 } });
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Straggler_WithoutAnAttemptToSpare_IsLeftAlone()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var spec = Samples.Spec(_source.Path, 4) with { MaxAttempts = 1 };
        await cluster.Launcher.LaunchAsync(spec);
        var held = await FirstLeaseAsync(cluster.Worker("slow"));
        var fast = cluster.Worker("fast");
        for (var i = 0; i < 4; i++)
        {
            var lease = (await fast.LeaseAsync())!;
            cluster.Time.Advance(TimeSpan.FromSeconds(1));
            await fast.WorkAsync(lease);
        }
        cluster.Time.Advance(TimeSpan.FromSeconds(15));

        held.Attempt.Should().Be(1);
        (await fast.LeaseAsync()).Should().BeNull("two that fail would be more than the job allows (I3)");
    }

    private async Task<JobId> LaunchAsync(Cluster cluster, int shardSize) => (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, shardSize))).Job;

    private async Task<Lease> FirstLeaseAsync(FakeWorker worker)
    {
        while (true)
        {
            _limit.Token.ThrowIfCancellationRequested();
            if (await worker.LeaseAsync() is { } lease) return lease;
        }
    }
}
