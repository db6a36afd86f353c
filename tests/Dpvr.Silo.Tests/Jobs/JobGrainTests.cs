using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Tests;
using Dpvr.Silo.Launch;

namespace Dpvr.Silo.Tests.Jobs;

public sealed class JobGrainTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public void Dispose()
    {
        _source.Dispose();
        _output.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Job_WithHealthyAndBadPictures_CompletesWithEveryItemOnce()
    {
        Pictures(20);
        _source.File("p7.png", "bad");
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4, true, "caption", "colour"));

        var progress = await cluster.Worker().RunAsync(launch.Job, _limit.Token);

        launch.Kind.Should().Be(LaunchKind.New);
        progress.Should().BeEquivalentTo(new { Status = JobStatus.Completed, Images = 20L, ImagesDone = 20L, Shards = 5, ShardsDone = 5, Leased = 0, StaleCommits = 0L });
        progress.Requests.Should().Be(new Counts { Total = 40, Succeeded = 38, Failed = 2 });
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
        (await cluster.Grains.GetGrain<IJobBoardGrain>(0).ListAsync(new JobQuery { UnfinishedOnly = true })).Jobs.Should().BeEmpty();
    }

    [Fact]
    public async Task Job_WithoutPictures_Completes()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path));

        (await cluster.Worker().RunAsync(launch.Job, _limit.Token)).Status.Should().Be(JobStatus.Completed);

        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(40)]
    public async Task Job_WithAPoison_GivesUpThePoisonAlone(int shardSize)
    {
        Pictures(40);
        _source.File("p17.png", "poison");
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, shardSize));

        var progress = await cluster.Worker().RunAsync(launch.Job, _limit.Token);

        progress.Status.Should().Be(JobStatus.Completed);
        progress.Requests.Should().Be(new Counts { Total = 40, Succeeded = 39, Failed = 1 });
        File.ReadAllText(Path.Combine(_output.Path, "errors.jsonl")).Should().Contain("\"custom_id\":\"p17.png\"").And.Contain(ErrorCodes.DecoderCrash);
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty("no picture was tried more often than allowed (I3)");
    }

    [Fact]
    public async Task Job_WhenAWorkerIsLost_GivesItsShardToAnother()
    {
        Pictures(8);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4));
        var lost = cluster.Worker("lost");
        var lease = await FirstLeaseAsync(lost);
        cluster.Time.Advance(TimeSpan.FromSeconds(61));

        var progress = await cluster.Worker().RunAsync(launch.Job, _limit.Token);
        var zombie = await lost.WorkAsync(lease);

        progress.Requests.Succeeded.Should().Be(8);
        zombie.Should().Be(AttemptOutcome.Stale);
        (await cluster.Job(launch.Job).StatusAsync()).StaleCommits.Should().Be(1, "a refused write is counted (I5)");
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Heartbeat_WithinTheLease_KeepsIt()
    {
        Pictures(4);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4));
        var worker = cluster.Worker();
        var lease = await FirstLeaseAsync(worker);
        var job = cluster.Job(launch.Job);
        for (var i = 0; i < 5; i++)
        {
            cluster.Time.Advance(TimeSpan.FromSeconds(15));
            (await job.HeartbeatAsync(lease.Shard, lease.Attempt, lease.Token)).Should().Be(LeaseState.Held);
            (await worker.LeaseAsync()).Should().BeNull();
        }
        (await job.HeartbeatAsync(lease.Shard, lease.Attempt, "forged")).Should().Be(LeaseState.Lost);
        cluster.Time.Advance(TimeSpan.FromSeconds(61));

        (await worker.LeaseAsync())!.Attempt.Should().Be(2);
        (await job.HeartbeatAsync(lease.Shard, lease.Attempt, lease.Token)).Should().Be(LeaseState.Lost);
    }

    [Fact]
    public async Task Job_WhenAWorkerDiedBetweenCommitAndReport_AdoptsTheShard()
    {
        Pictures(4);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4));
        var lost = cluster.Worker("lost");
        await lost.CommitAsync(await FirstLeaseAsync(lost));
        cluster.Time.Advance(TimeSpan.FromSeconds(61));
        var worker = cluster.Worker();

        var progress = await worker.RunAsync(launch.Job, _limit.Token);

        progress.Status.Should().Be(JobStatus.Completed);
        worker.Leases.Should().BeEmpty("nothing is redone");
    }

    [Fact]
    public async Task Release_Always_ConsumesNoAttempt()
    {
        Pictures(4);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4) with { MaxAttempts = 1 });
        var worker = cluster.Worker();
        await worker.ReportAsync(await FirstLeaseAsync(worker), AttemptOutcome.Released);
        for (var i = 0; i < 5; i++) await worker.ReportAsync((await worker.LeaseAsync())!, AttemptOutcome.Released);

        (await worker.RunAsync(launch.Job, _limit.Token)).Requests.Succeeded.Should().Be(4);
        worker.Leases.Select(static l => l.Attempt).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Job_WhenTheOutputIsFull_PausesAndResumesWithoutALostAttempt()
    {
        Pictures(4);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var spec = Samples.Spec(_source.Path, 4) with { MaxAttempts = 1 };
        var launch = await cluster.Launcher.LaunchAsync(spec);
        var worker = cluster.Worker();
        await worker.ReportAsync(await FirstLeaseAsync(worker), AttemptOutcome.Failed, new ItemError(ErrorCodes.OutputFull, "no room"));

        var paused = await cluster.Job(launch.Job).StatusAsync();
        paused.Paused.Should().BeTrue();
        paused.Error!.Code.Should().Be(ErrorCodes.OutputFull);
        (await worker.LeaseAsync()).Should().BeNull();
        (await cluster.Launcher.LaunchAsync(spec)).Kind.Should().Be(LaunchKind.Resumed);
        (await worker.RunAsync(launch.Job, _limit.Token)).Requests.Succeeded.Should().Be(4);
    }

    [Fact]
    public async Task Pause_UntilResumed_GivesOutNothing()
    {
        Pictures(8);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4));
        var worker = cluster.Worker();
        var lease = await FirstLeaseAsync(worker);
        (await cluster.Job(launch.Job).PauseAsync()).Paused.Should().BeTrue();
        (await worker.LeaseAsync()).Should().BeNull();
        (await worker.WorkAsync(lease)).Should().Be(AttemptOutcome.Committed, "what runs is finished");

        (await cluster.Job(launch.Job).ResumeAsync()).Paused.Should().BeFalse();
        (await worker.RunAsync(launch.Job, _limit.Token)).Status.Should().Be(JobStatus.Completed);
    }

    [Fact]
    public async Task Cancel_InMidJob_KeepsWhatWasCommitted()
    {
        Pictures(12);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4));
        var worker = cluster.Worker();
        await worker.WorkAsync(await FirstLeaseAsync(worker));
        var running = (await worker.LeaseAsync())!;
        (await cluster.Job(launch.Job).CancelAsync()).Status.Should().Be(JobStatus.Cancelling);
        (await cluster.Job(launch.Job).HeartbeatAsync(running.Shard, running.Attempt, running.Token)).Should().Be(LeaseState.Cancelled);
        await worker.ReportAsync(running, AttemptOutcome.Released);

        var progress = await worker.RunAsync(launch.Job, _limit.Token);

        progress.Status.Should().Be(JobStatus.Cancelled);
        progress.Requests.Should().Be(new Counts { Total = 12, Succeeded = 4, Skipped = 8 });
        File.ReadAllText(Path.Combine(_output.Path, "errors.jsonl")).Split("\"code\":\"cancelled\"").Should().HaveCount(9, "every id has a record (I1)");
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
        (await cluster.Job(launch.Job).CancelAsync()).Status.Should().Be(JobStatus.Cancelled);
    }

    [Fact]
    public async Task Calls_WhenRepeated_ChangeNothing()
    {
        Pictures(4);
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var spec = Samples.Spec(_source.Path, 4);
        var launch = await cluster.Launcher.LaunchAsync(spec);
        var worker = cluster.Worker();
        var lease = await FirstLeaseAsync(worker);
        await cluster.Job(launch.Job).StartAsync(spec);
        await worker.CommitAsync(lease);
        for (var i = 0; i < 3; i++) await worker.ReportAsync(lease, AttemptOutcome.Committed);

        (await worker.RunAsync(launch.Job, _limit.Token)).Requests.Should().Be(new Counts { Total = 4, Succeeded = 4 });
    }

    private void Pictures(int count)
    {
        for (var i = 0; i < count; i++) _source.File($"p{i}.png", $"picture {i}");
    }

    private async Task<Lease> FirstLeaseAsync(FakeWorker worker)
    {
        while (true)
        {
            _limit.Token.ThrowIfCancellationRequested();
            if (await worker.LeaseAsync() is { } lease) return lease;
        }
    }
}
