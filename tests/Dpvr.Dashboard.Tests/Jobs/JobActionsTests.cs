using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Access;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Live;
using Dpvr.Dashboard.Workers;
using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Dpvr.Dashboard.Tests.Jobs;

/// <summary>Which buttons a job has, by its state and its viewer's key, and what they do.</summary>
public sealed class JobActionsTests : BunitContext
{
    private static readonly Counts SomeFailed = new() { Total = 4, Succeeded = 3, Failed = 1 };
    private static readonly Counts AllDone = new() { Total = 4, Succeeded = 4 };
    private readonly FakeJobs _jobs = new();
    private readonly BunitAuthorizationContext _viewer;

    public JobActionsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        _viewer = this.AddAuthorization();
        Services.AddMudServices();
        Services.AddSingleton<IJobFeed>(_jobs).AddSingleton<IWorkerFeed>(_jobs).AddSingleton(TimeProvider.System).AddSingleton<LiveData>().AddScoped<PageAccess>();
    }

    [Theory]
    [InlineData(JobStatus.Validating, false, ApiScope.Submit, "Pause Cancel"), InlineData(JobStatus.InProgress, false, ApiScope.Submit, "Pause Cancel"), InlineData(JobStatus.InProgress, true, ApiScope.Submit, "Resume Cancel")]
    [InlineData(JobStatus.InProgress, false, ApiScope.Admin, "Pause Cancel Set-share"), InlineData(JobStatus.InProgress, false, ApiScope.Read, ""), InlineData(JobStatus.Completed, false, ApiScope.Admin, "Retry-failed")]
    [InlineData(JobStatus.Completed, false, ApiScope.Read, ""), InlineData(JobStatus.Cancelled, false, ApiScope.Submit, "Retry-failed"), InlineData(JobStatus.Failed, false, ApiScope.Submit, "Retry-failed")]
    public void Render_ByStateAndScope_HasTheButtonsThatDoSomething(JobStatus status, bool paused, string scope, string buttons) =>
        Texts(Actions(FakeJobs.Job(status, paused, SomeFailed), scope)).Should().Be(buttons);

    [Fact]
    public void Render_WhenNothingFailed_HasNothingToRetry() => Texts(Actions(FakeJobs.Job(JobStatus.Completed, requests: AllDone), ApiScope.Admin)).Should().Be("");

    [Fact]
    public void Render_WhenItHasFiles_LinksThem() =>
        Actions(FakeJobs.Job(JobStatus.Completed, requests: AllDone, files: ["captions.jsonl", "manifest.json"]), ApiScope.Read).FindAll("a").Select(static a => (a.GetAttribute("href"), a.GetAttribute("download")))
            .Should().Equal(("api/jobs/a-1/results/captions.jsonl", "a-1-captions.jsonl"), ("api/jobs/a-1/results/manifest.json", "a-1-manifest.json"));

    [Fact]
    public void Click_PauseAndResume_DoSo()
    {
        Click(Actions(FakeJobs.Job(JobStatus.InProgress), ApiScope.Submit), "Pause");
        Click(Actions(FakeJobs.Job(JobStatus.InProgress, paused: true), ApiScope.Submit), "Resume");

        _jobs.Done.Should().Equal("pause a-1", "resume a-1");
    }

    [Fact]
    public void Click_RetryFailed_OpensTheJobThatDoesIt()
    {
        Click(Actions(FakeJobs.Job(JobStatus.Completed, requests: SomeFailed), ApiScope.Submit), "Retry failed");

        _jobs.Done.Should().Equal("retry a-1");
        Services.GetRequiredService<NavigationManager>().Uri.Should().EndWith("/jobs/a-2");
    }

    [Fact]
    public void Click_SetShare_SendsWhatWasTyped()
    {
        var actions = Actions(FakeJobs.Job(JobStatus.InProgress), ApiScope.Admin);
        actions.Find("[aria-label=Weight]").Change("2.5");
        actions.Find("[aria-label=Priority]").Change("-3");

        Click(actions, "Set share");

        _jobs.Done.Should().Equal("share a-1 2.5 -3");
    }

    [Fact]
    public void Click_SetShareWithNonsense_ChangesNothingAndSaysWhatIsAllowed()
    {
        var actions = Actions(FakeJobs.Job(JobStatus.InProgress), ApiScope.Admin);
        actions.Find("[aria-label=Weight]").Change("0");

        Click(actions, "Set share");

        _jobs.Done.Should().BeEmpty();
        Said().Should().Equal("A weight is 0.001 to 1000, a priority -1000 to 1000.");
    }

    [Fact]
    public void Click_WhenTheServerDoesNotAnswer_SaysSoAndCanBeTriedAgain()
    {
        _jobs.Fault = new TimeoutException();
        var actions = Actions(FakeJobs.Job(JobStatus.InProgress), ApiScope.Submit);

        Click(actions, "Pause");

        Said().Should().ContainSingle().Which.Should().StartWith("That did not work");
        actions.FindAll("button").Should().OnlyContain(static b => !b.HasAttribute("disabled"));
    }

    private IRenderedComponent<JobActions> Actions(JobDetail job, string scope)
    {
        _viewer.SetAuthorized("somebody").SetClaims(new Claim(ApiScope.ClaimType, scope));
        return Render<JobActions>(p => p.Add(a => a.Job, job));
    }

    private static void Click(IRenderedComponent<JobActions> actions, string text) => actions.FindAll("button").Single(b => b.TextContent == text).Click();

    private static string Texts(IRenderedComponent<JobActions> actions) => string.Join(' ', actions.FindAll("button").Select(static b => b.TextContent.Replace(' ', '-')));

    private IEnumerable<string?> Said() => Services.GetRequiredService<ISnackbar>().ShownSnackbars.Select(static s => s.Message);
}
