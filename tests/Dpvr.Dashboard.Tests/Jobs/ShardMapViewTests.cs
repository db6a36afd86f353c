using Bunit;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Live;
using Dpvr.Dashboard.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Dashboard.Tests.Jobs;

public sealed class ShardMapViewTests : BunitContext
{
    private readonly FakeJobs _jobs = new();

    public ShardMapViewTests() => Services.AddSingleton<IJobFeed>(_jobs).AddSingleton<IWorkerFeed>(_jobs).AddSingleton(TimeProvider.System).AddSingleton<LiveData>();

    [Fact]
    public void Render_BeforeThePlan_SaysSo() => Map(JobStatus.Validating).Find("p").TextContent.Should().Be("Shown when the plan is made.");

    [Fact]
    public void Render_OfEveryState_DrawsEachAndCountsThem()
    {
        _jobs.Maps[0] = new ShardMap(0, 1, [.. Enum.GetValues<ShardState>().Select(static (state, n) => new ShardCell(n, state, 256, state is ShardState.DoneWithFailures ? 3 : 0, state is ShardState.Retrying ? 2 : 1))], [], false);

        var map = Map();

        map.WaitForElement("a.shard");
        map.FindAll("a.shard").Select(static a => a.ClassName!.Split(' ')[1]).Should().Equal("waiting", "running", "retrying", "done", "partly", "poisoned");
        map.FindAll("a.shard").Select(static a => a.GetAttribute("href")).Should().HaveElementAt(4, "jobs/a-1/gallery?shard=4");
        map.Find("[title^='shard 4']").GetAttribute("title").Should().Be("shard 4: done with failures, 256 pictures, 3 failed");
        map.Find("[title^='shard 2']").GetAttribute("title").Should().Be("shard 2: retried, 256 pictures, 2 attempts");
        map.Find(".shards").GetAttribute("aria-label").Should().Be("Map of shards: 1 done, 1 done with failures, 1 running, 1 retried, 1 given up, 1 waiting");
    }

    [Fact]
    public void Click_WhenThereAreSeveralRanges_ShowsTheNext()
    {
        for (var range = 0; range < 3; range++) _jobs.Maps[range] = new ShardMap(range, 3, [.. Enumerable.Range(range * 1024, range == 2 ? 10 : 1024).Select(static n => new ShardCell(n, ShardState.Waiting, 256, 0, 0))], [], false);
        var map = Map(shards: 2_058);
        map.WaitForState(() => map.Markup.Contains("0–1\u202f023 of 2\u202f058", StringComparison.Ordinal));

        map.Find("[aria-label='Shards after']").Click();
        map.WaitForState(() => map.Markup.Contains("1\u202f024–2\u202f047 of 2\u202f058", StringComparison.Ordinal));
        map.Find("[aria-label='Shards after']").Click();

        map.WaitForState(() => map.FindAll("a.shard").Count == 10);
        map.Find("[aria-label='Shards after']").HasAttribute("disabled").Should().BeTrue();
    }

    [Fact]
    public void Render_WithAttempts_SaysHowTheyEnded()
    {
        AttemptRecord attempt = new() { Shard = new ShardId(7), Attempt = 2, Token = "t", Worker = "gpu-1", Outcome = AttemptOutcome.GaveUp, Refused = true, Error = new ItemError(ErrorCodes.WorkerLost, "it went away") };
        _jobs.Maps[0] = new ShardMap(0, 1, [new ShardCell(7, ShardState.Poisoned, 16, 16, 2)], [attempt], false);

        var map = Map();

        map.WaitForElement("table");
        map.FindAll("tbody td").Select(static d => d.TextContent.Trim()).Should().Equal("0000007", "2", "gpu-1", "gave up, write refused", "worker_lost it went away");
    }

    private IRenderedComponent<ShardMapView> Map(JobStatus status = JobStatus.InProgress, int shards = 6) => Render<ShardMapView>(p => p.Add(m => m.Job, FakeJobs.Job(status, shards: shards)));
}
