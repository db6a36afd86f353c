using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>A job's buttons, and two who look at once.</summary>
public sealed class SteeringTests(BrowserFixture browser, OpenDashboard server) : IClassFixture<BrowserFixture>, IClassFixture<OpenDashboard>
{
    [Fact]
    public async Task Buttons_OfAJobThatRuns_DoWhatTheySayForAllWhoLook()
    {
        await using var one = await browser.OpenAsync(server.Address);
        await using var other = await browser.OpenAsync(server.Address);
        var job = await server.SubmitLongAsync();
        await one.GoAsync($"/jobs/{job}", job);
        await other.GoAsync($"/jobs/{job}", job);

        await one.Button("Pause").ClickAsync();
        await one.SeeStatusAsync("paused");
        await other.SeeStatusAsync("paused");
        await one.Page.GetByLabel("Weight").FillAsync("2.5");
        await one.Page.GetByLabel("Weight").PressAsync("Tab");
        await one.Button("Set share").ClickAsync();
        await other.SeeAsync("weight 2.5, priority 0");
        await other.Button("Resume").ClickAsync();
        await one.SeeStatusAsync("running");
        await one.Button("Cancel").ClickAsync();
        await one.Button("Go on").ClickAsync();
        await one.Button("Cancel").ClickAsync();
        await one.Button("Cancel the job").ClickAsync();
        await one.SeeStatusAsync("cancelled");
        await other.SeeStatusAsync("cancelled");

        await one.Button("Retry failed").ClickAsync();
        await one.SeeHeadingAsync(job[..^2] + "-2");
        await one.Button("Cancel").ClickAsync();
        await one.Button("Cancel the job").ClickAsync();
        await one.SeeStatusAsync("cancelled");
        one.Wrong.Concat(other.Wrong).Should().BeEmpty();
    }
}
