using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Faults;
using Dpvr.Data.Tests;

namespace Dpvr.Silo.Tests.Faults;

/// <summary>Tests of the tests: a lost worker, a zombie and a cancellation that comes too late, with the product made wrong on purpose. What is checked must catch each.</summary>
[Collection(nameof(MutantCollection))]
public sealed class MutantTests : IDisposable
{
    private const int Enough = 300;
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private readonly HashSet<string> _broken = [];

    public MutantTests()
    {
        for (var i = 0; i < 8; i++) _source.File($"p{i}.png", $"picture {i}");
        _source.File("p5.png", "poison");
    }

    public void Dispose()
    {
        Mutants.Active = Mutant.None;
        _source.Dispose();
        _output.Dispose();
        _limit.Dispose();
    }

    [Theory]
    [InlineData(Mutant.NoIfNoneMatch, "I5")]
    [InlineData(Mutant.NoFencing, "I5")]
    [InlineData(Mutant.EarlyReport, "I1")]
    [InlineData(Mutant.DoubleCount, "I2")]
    [InlineData(Mutant.HalfData, "I6")]
    [InlineData(Mutant.AttemptsUnbounded, "I6")]
    [InlineData(Mutant.ForgetStale, "I5")]
    [InlineData(Mutant.LeaseNeverExpires, "I6")]
    [InlineData(Mutant.CancelOverwritesEnd, "one end")]
    public async Task Checks_OfAMutant_CatchIt(Mutant mutant, string breaks)
    {
        Mutants.Active = mutant;

        await ScenarioAsync(early: mutant == Mutant.EarlyReport);

        _broken.Should().Contain(breaks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Checks_OfTheRealProduct_FindNothing(bool early)
    {
        await ScenarioAsync(early);

        _broken.Should().BeEmpty();
    }

    private async Task ScenarioAsync(bool early)
    {
        await using var cluster = await Cluster.StartAsync(_output.Path, static o => o.ExclusiveStore = false);
        var job = (await cluster.Launcher.LaunchAsync(Samples.Spec(_source.Path, 4))).Job;
        var zombie = cluster.Worker("zombie");
        Lease? lost = null;
        while ((lost = await zombie.LeaseAsync()) is null) _limit.Token.ThrowIfCancellationRequested();
        // A worker that says more than it did: the store does not bear it out.
        if (early) await zombie.ReportAsync(lost, AttemptOutcome.Committed);
        cluster.Time.Advance(TimeSpan.FromSeconds(30));
        var worker = cluster.Worker();
        for (var step = 0; ;)
        {
            var progress = await cluster.Job(job).StatusAsync();
            if (progress.ImagesDone > progress.Images) _broken.Add("I2");
            if (progress.Status.IsTerminal()) break;
            if (progress.Status == JobStatus.InProgress) step++;
            if (progress.Error is not null || step == Enough)
            {
                _broken.Add("I6");
                return;
            }
            if (await worker.LeaseAsync() is { } lease) await worker.WorkAsync(lease);
        }
        if (!early)
        {
            if (await zombie.WorkAsync(lost) != AttemptOutcome.Stale) _broken.Add("I5");
            if ((await cluster.Job(job).StatusAsync()).StaleCommits != 1) _broken.Add("I5");
        }
        await cluster.Job(job).CancelAsync();
        if ((await cluster.Store.ReadEndAsync(job))!.Status != JobStatus.Completed) _broken.Add("one end");
        foreach (var finding in (await cluster.VerifyAsync()).Findings) _broken.Add(finding.Invariant);
    }
}
