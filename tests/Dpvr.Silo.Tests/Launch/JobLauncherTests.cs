using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;
using Dpvr.Data.Tests;
using Dpvr.Silo.Launch;

namespace Dpvr.Silo.Tests.Launch;

public sealed class JobLauncherTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public JobLauncherTests()
    {
        for (var i = 0; i < 12; i++) _source.File($"p{i}.png", $"picture {i}");
    }

    public void Dispose()
    {
        _source.Dispose();
        _output.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Launch_AfterKillsAtEveryStep_EndsWithEveryItemOnce()
    {
        var spec = Samples.Spec(_source.Path, 3, true);
        JobId? job = null;
        // Each run does one thing more than a fresh start would, then its process is gone: lease, commit without a report, work, …
        for (var kill = 0; kill < 6; kill++)
        {
            await using var cluster = await Cluster.StartAsync(_output.Path);
            var launch = await cluster.Launcher.LaunchAsync(spec);
            (job ??= launch.Job).Should().Be(launch.Job);
            launch.Kind.Should().Be(kill == 0 ? LaunchKind.New : LaunchKind.Resumed);
            var worker = cluster.Worker();
            var lease = await LeaseAsync(worker);
            if (kill % 3 == 1) await worker.CommitAsync(lease);
            if (kill % 3 == 2) await worker.WorkAsync(lease);
            await cluster.KillAsync();
        }
        await using var last = await Cluster.StartAsync(_output.Path);
        var resumed = await last.Launcher.LaunchAsync(spec);
        var progress = await last.Worker().RunAsync(resumed.Job, _limit.Token);

        progress.Requests.Should().Be(new Counts { Total = 12, Succeeded = 12 });
        progress.ImagesAdopted.Should().Be(12, "all four shards had been committed by the killed runs");
        (await last.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Launch_AfterManyKillsBeforeAnyCommit_AccusesNoHealthyPicture()
    {
        var spec = Samples.Spec(_source.Path, 3);
        for (var kill = 0; kill < 20; kill++)
        {
            await using var cluster = await Cluster.StartAsync(_output.Path);
            await cluster.Launcher.LaunchAsync(spec);
            var worker = cluster.Worker();
            await LeaseAsync(worker);
            await worker.LeaseAsync();
            await cluster.KillAsync();
        }
        await using var last = await Cluster.StartAsync(_output.Path);
        var resumed = await last.Launcher.LaunchAsync(spec);

        (await last.Worker().RunAsync(resumed.Job, _limit.Token)).Requests.Should().Be(new Counts { Total = 12, Succeeded = 12 });
        (await last.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Launch_WhenOnePictureKillsEveryProcess_GivesItUpAlone()
    {
        var spec = Samples.Spec(_source.Path, 3);
        JobProgress? progress = null;
        for (var run = 0; run < 100 && progress?.Status != JobStatus.Completed; run++)
        {
            await using var cluster = await Cluster.StartAsync(_output.Path, static o => o.MaxInterruptions = 3);
            var launch = await cluster.Launcher.LaunchAsync(spec);
            var worker = cluster.Worker();
            while (true)
            {
                _limit.Token.ThrowIfCancellationRequested();
                progress = await cluster.Job(launch.Job).StatusAsync();
                if (progress.Status.IsTerminal()) break;
                if (await worker.LeaseAsync() is not { } lease) continue;
                if ((await cluster.Store.ReadItemsAsync(lease.Plan)).Any(static i => i.CustomId == "p5.png"))
                {
                    await cluster.KillAsync();
                    break;
                }
                await worker.WorkAsync(lease);
            }
        }

        progress!.Requests.Should().Be(new Counts { Total = 12, Succeeded = 11, Failed = 1 });
        File.ReadAllText(Path.Combine(_output.Path, "errors.jsonl")).Should().Contain("p5.png").And.Contain(ErrorCodes.WorkerLost);
    }

    [Fact]
    public async Task Launch_AgainWhenDone_DoesNothing()
    {
        var spec = Samples.Spec(_source.Path, 3);
        await RunAsync(spec);
        var (kind, worker, _) = await RunAsync(spec);

        kind.Should().Be(LaunchKind.AlreadyDone);
        worker.Leases.Should().BeEmpty();
    }

    [Fact]
    public async Task Launch_WhenTheSourceChanged_ComputesOnlyWhatChanged()
    {
        var spec = Samples.Spec(_source.Path, 3, true);
        await RunAsync(spec);
        _source.File("p2.png", "another picture");
        _source.File("p99.png", "new");
        File.Delete(Path.Combine(_source.Path, "p0.png"));
        var (kind, worker, progress) = await RunAsync(spec);

        kind.Should().Be(LaunchKind.Renewed);
        worker.Computed.Should().Be(2);
        progress.Requests.Should().Be(new Counts { Total = 12, Succeeded = 12, Reused = 10 });
        File.ReadAllText(Path.Combine(_output.Path, "captions.jsonl")).Should().NotContain("p0.png").And.Contain("another picture");
        File.Exists(Path.Combine(_output.Path, "p0.txt")).Should().BeFalse();
        Directory.GetDirectories(Path.Combine(_output.Path, ".dpvr", "jobs")).Should().ContainSingle("the generation before is cleaned away");
        var (again, _, _) = await RunAsync(spec);
        again.Should().Be(LaunchKind.AlreadyDone);
    }

    [Fact]
    public async Task Launch_WithAnotherQuestion_ComputesOnlyThatOne()
    {
        await RunAsync(Samples.Spec(_source.Path, 3, false, "caption"));
        var (kind, worker, progress) = await RunAsync(Samples.Spec(_source.Path, 3, false, "caption", "colour"));

        kind.Should().Be(LaunchKind.New);
        worker.Computed.Should().Be(12);
        progress.Requests.Should().Be(new Counts { Total = 24, Succeeded = 24, Reused = 12 });
        var (back, none, _) = await RunAsync(Samples.Spec(_source.Path, 3, false, "caption"));
        back.Should().Be(LaunchKind.Reassembled);
        none.Leases.Should().BeEmpty();
        File.ReadAllLines(Path.Combine(_output.Path, "captions.jsonl")).Should().HaveCount(12);
    }

    [Fact]
    public async Task Launch_WithDuplicates_ComputesThemOnce()
    {
        for (var i = 0; i < 12; i++) _source.File($"p{i}.png", "the same");
        var (_, worker, progress) = await RunAsync(Samples.Spec(_source.Path, 1));

        worker.Computed.Should().Be(1);
        progress.Requests.Should().Be(new Counts { Total = 12, Succeeded = 12, Reused = 11 });
    }

    [Fact]
    public async Task Launch_WithRetryFailed_TriesTheFailedAgain()
    {
        _source.File("p4.png", "bad");
        var spec = Samples.Spec(_source.Path, 3);
        await RunAsync(spec);
        (await RunAsync(spec)).Kind.Should().Be(LaunchKind.AlreadyDone);
        var (kind, worker, progress) = await RunAsync(spec, new LaunchOptions { RetryFailed = true });

        kind.Should().Be(LaunchKind.Renewed);
        worker.Computed.Should().Be(1);
        progress.Requests.Failed.Should().Be(1);
    }

    [Fact]
    public async Task Launch_WithOverwrite_ComputesEverythingAnew()
    {
        var spec = Samples.Spec(_source.Path, 3, true);
        await RunAsync(spec);
        var mine = _output.File("mine.txt");
        var (kind, worker, _) = await RunAsync(spec, new LaunchOptions { Overwrite = true });

        kind.Should().Be(LaunchKind.New);
        worker.Computed.Should().Be(12);
        File.Exists(mine).Should().BeTrue();
    }

    [Fact]
    public async Task Launch_WhenTheSourceIsNotThere_IsRefusedAndKeepsTheOutput()
    {
        var spec = Samples.Spec(_source.Path, 3);
        await RunAsync(spec);
        await using var cluster = await Cluster.StartAsync(_output.Path);

        await Assert.ThrowsAsync<DatasetException>(() => cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path + "-none"), new LaunchOptions { Overwrite = true }));

        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
    }

    private async Task<(LaunchKind Kind, FakeWorker Worker, JobProgress Progress)> RunAsync(JobSpec spec, LaunchOptions? options = null)
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var launch = await cluster.Launcher.LaunchAsync(spec, options);
        var worker = cluster.Worker();
        var progress = await worker.RunAsync(launch.Job, _limit.Token);
        (await cluster.VerifyAsync()).Findings.Should().BeEmpty();
        return (launch.Kind, worker, progress);
    }

    private async Task<Lease> LeaseAsync(FakeWorker worker)
    {
        while (true)
        {
            _limit.Token.ThrowIfCancellationRequested();
            if (await worker.LeaseAsync() is { } lease) return lease;
        }
    }
}
