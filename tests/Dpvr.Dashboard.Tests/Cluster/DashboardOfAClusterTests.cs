using System.Net.Http.Json;
using System.Text.Json;
using Dpvr.Dashboard.Tests.Browser;

namespace Dpvr.Dashboard.Tests.Cluster;

/// <summary><c>dpvr dashboard</c> as a host of its own: what it shows comes from a silo and a worker that are other processes.</summary>
public sealed class DashboardOfAClusterTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Pages_OfAJobThatTheClusterComputes_ShowItAndItsWorker()
    {
        Assert.SkipWhen(DashboardCluster.Missing is not null, DashboardCluster.Missing ?? "");
        using var folder = new TempFolder();
        await using var cluster = await DashboardCluster.StartAsync(folder.Of("store"), DashboardHost.Scenes, withWorker: true);
        await using var page = await browser.OpenAsync(cluster.Address);
        var job = await SubmitAsync(cluster.Address);

        await page.GoAsync($"/jobs/{job}", job);
        await page.SeeStatusAsync("completed");
        await page.Page.Locator(".tile", new() { HasTextString = "done" }).First.GetByText("64", new() { Exact = true }).WaitForAsync();
        await page.SeeAsync("manifest.json");
        await page.Page.Locator(".shards a.shard.done").Nth(3).WaitForAsync();
        (await page.Page.Locator("a.shard").CountAsync()).Should().Be(4);

        await page.Link("Pictures").ClickAsync();
        await page.Page.Locator(".shot").Nth(47).WaitForAsync();
        (await page.Page.Locator(".frame img").First.EvaluateAsync<bool>("i => i.decode().then(() => i.naturalWidth > 0)")).Should().BeTrue();
        (await page.Page.Locator(".shot-text").First.InnerTextAsync()).Should().Contain("background");

        await page.GoAsync("/workers", "Workers");
        await page.SeeAsync("cpu, float32");
        await page.Page.GetByRole(Microsoft.Playwright.AriaRole.Table, new() { Name = "Memory" }).WaitForAsync();
        await page.GoAsync("/", "Jobs");
        await page.SeeAsync(job);
        page.Wrong.Should().BeEmpty();
    }

    private static async Task<string> SubmitAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.PostAsJsonAsync("/api/jobs", new { source = new { root = "scenes" } });
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
