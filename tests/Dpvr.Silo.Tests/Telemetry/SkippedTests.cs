using Dpvr.Contracts.Jobs;
using Dpvr.Data.Tests;

namespace Dpvr.Silo.Tests.Telemetry;

/// <summary>What a cancelled job leaves undone is counted as skipped, once, and as the job itself counts it.</summary>
public sealed class SkippedTests : IDisposable
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public SkippedTests()
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
    public async Task Cancel_AfterSomeShards_CountsTheRestAsSkipped()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = await RunSomeAsync(cluster, shards: 1);

        await cluster.Job(job).CancelAsync();
        var end = await EndAsync(cluster, job);

        (end.Requests.Succeeded, end.Requests.Skipped).Should().Be((4, 12), "two pictures of eight are done, with two prompts each");
        var shown = await cluster.MetricsAsync();
        shown.Should().Contain("""dpvr_images_total{outcome="skipped",code="cancelled"} 6""").And.Contain("""dpvr_answers_total{outcome="skipped",code="cancelled"} 12""");
    }

    [Fact]
    public async Task Cancel_AskedAgainAndAfterARestart_IsCountedOnce()
    {
        JobId job;
        await using (var cluster = await Cluster.StartAsync(_output.Path))
        {
            job = await RunSomeAsync(cluster, shards: 1);
            await cluster.Job(job).CancelAsync();
            await EndAsync(cluster, job);
            await cluster.Job(job).CancelAsync();
            await cluster.Job(job).StatusAsync();

            (await cluster.MetricsAsync()).Should().Contain("""dpvr_images_total{outcome="skipped",code="cancelled"} 6""");
            await cluster.KillAsync();
        }
        await using var next = await Cluster.StartAsync(_output.Path);
        (await next.Job(job).StatusAsync()).Status.Should().Be(JobStatus.Cancelled);

        (await next.MetricsAsync()).Should().NotContain("skipped\",code", "what another process counted is its own");
    }

    [Fact]
    public async Task Cancel_WhenAllIsDone_SkipsNothing()
    {
        await using var cluster = await Cluster.StartAsync(_output.Path);
        var job = await RunSomeAsync(cluster, shards: 4);

        await cluster.Job(job).CancelAsync();
        var end = await EndAsync(cluster, job);

        end.Requests.Skipped.Should().Be(0);
        (await cluster.MetricsAsync()).Should().NotContain("outcome=\"skipped\",code");
    }

    private async Task<JobId> RunSomeAsync(Cluster cluster, int shards)
    {
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 2, false, "caption", "count"))).Job;
        var worker = cluster.Worker();
        for (var done = 0; done < shards;)
        {
            _limit.Token.ThrowIfCancellationRequested();
            await cluster.Job(job).StatusAsync();
            if (await worker.LeaseAsync() is not { } lease) continue;
            await worker.WorkAsync(lease);
            done++;
        }
        return job;
    }

    private async Task<JobProgress> EndAsync(Cluster cluster, JobId job)
    {
        while (true)
        {
            _limit.Token.ThrowIfCancellationRequested();
            if (await cluster.Job(job).StatusAsync() is { } progress && progress.Status.IsTerminal()) return progress;
        }
    }
}
