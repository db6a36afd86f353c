using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Data.Tests;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Tests.Intake;

public sealed class JobIntakeTests : IAsyncLifetime
{
    private readonly TempFolder _source = new();
    private readonly TempFolder _output = new();
    private Cluster _cluster = null!;

    private JobIntake Intake => new(_cluster.Store, _cluster.Grains, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 4; i++) _source.File($"p{i}.png", $"picture {i}");
        _cluster = await Cluster.StartAsync(_output.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _source.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task Submit_WhenTwentyRaceWithOneKey_IsOneJob()
    {
        var submission = new JobSubmission { Spec = Samples.Spec(_source.Path), Key = "order 7", Metadata = new Dictionary<string, string> { ["a"] = "1" } };

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Intake.SubmitAsync(submission))));

        all.Select(a => a.Job).Distinct().Should().ContainSingle();
        all.Count(a => a.IsNew).Should().Be(1);
        (await _cluster.Store.ListJobsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Submit_WithTheSameKeyAndAnotherBody_IsRefusedAndNamesTheJob()
    {
        var spec = Samples.Spec(_source.Path);
        var first = await Intake.SubmitAsync(new JobSubmission { Spec = spec, Key = "k" });

        var other = async () => await Intake.SubmitAsync(new JobSubmission { Spec = spec with { Priority = 1 }, Key = "k" });

        (await other.Should().ThrowAsync<IntakeConflictException>()).Which.Id.Should().Be(first.Job.Value);
        (await _cluster.Store.ListJobsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Submit_AgainAfterThePausedModelMoved_IsTheSameJobAndStaysPaused()
    {
        var spec = Samples.Spec(_source.Path);
        var first = await Intake.SubmitAsync(new JobSubmission { Spec = spec, Key = "k" });
        await _cluster.Job(first.Job).PauseAsync();

        var again = await Intake.SubmitAsync(new JobSubmission { Spec = spec with { Model = spec.Model with { Path = "elsewhere", Revision = "rev-2" } }, Key = "k" });

        again.Should().Match<IntakeResult>(r => r.Job == first.Job && !r.IsNew && r.Progress.Paused);
    }

    [Fact]
    public async Task Submit_AfterADeathBetweenTheKeyAndTheJob_StartsTheJobOfTheKey()
    {
        var submission = new JobSubmission { Spec = Samples.Spec(_source.Path), Key = "k" };
        var first = await Intake.SubmitAsync(submission);
        // What a process leaves that died right after the conditional create.
        await using var second = await Cluster.StartAsync(_output.Of("other"));
        string key = await _cluster.Store.Blobs.ListAsync("intake/").SingleAsync();
        await second.Store.Blobs.PutAsync(key, (await _cluster.Store.Blobs.GetAsync(key))!.Bytes);

        var again = await new JobIntake(second.Store, second.Grains, TimeProvider.System).SubmitAsync(submission);

        again.Job.Should().Be(first.Job);
        (await second.Store.ReadSpecAsync(first.Job)).Should().NotBeNull();
    }

    [Fact]
    public async Task Submit_WithoutAKey_IsANewJobEachTime()
    {
        var submission = new JobSubmission { Spec = Samples.Spec(_source.Path), By = "someone", Source = "photos" };

        var (first, second) = (await Intake.SubmitAsync(submission), await Intake.SubmitAsync(submission));

        first.Job.Should().NotBe(second.Job);
        (await Intake.ReadAsync(second.Job)).Should().Match<SubmissionRecord>(r => r.By == "someone" && r.Source == "photos");
        JobIds.Split(first.Job).Generation.Should().Be(1, "failed items can be tried again as generation 2");
    }

    [Fact]
    public async Task Submit_BeyondTheMostOpenJobs_IsRefusedUntilOneEnds()
    {
        var submission = new JobSubmission { Spec = Samples.Spec(_source.Path), By = "someone", MostOpenJobs = 2 };
        var first = await Intake.SubmitAsync(submission);
        await Intake.SubmitAsync(submission);

        await ((Func<Task>)(() => Intake.SubmitAsync(submission))).Should().ThrowAsync<TooManyJobsException>();
        (await Intake.SubmitAsync(submission with { By = "someone else" })).IsNew.Should().BeTrue();
        await _cluster.Worker().RunAsync(first.Job, TestContext.Current.CancellationToken);

        (await Intake.SubmitAsync(submission)).IsNew.Should().BeTrue();
    }

    [Fact]
    public async Task Submit_OfAMissingSource_WritesNothing()
    {
        var submission = new JobSubmission { Spec = Samples.Spec(_source.Of("nowhere")), Key = "k" };

        await ((Func<Task>)(() => Intake.SubmitAsync(submission))).Should().ThrowAsync<DatasetException>();

        (await _cluster.Store.Blobs.ListAsync("intake/").CountAsync()).Should().Be(0);
    }

    [Theory, InlineData(""), InlineData("line\nbreak")]
    public async Task Submit_WithAKeyThatIsNone_IsRefused(string key)
    {
        var submit = () => Intake.SubmitAsync(new JobSubmission { Spec = Samples.Spec(_source.Path), Key = key });

        (await submit.Should().ThrowAsync<RefusedException>()).Which.Field.Should().Be("idempotency_key");
    }
}
