using Dpvr.Dashboard.Tests.Browser;
using Dpvr.Dashboard.Tests.Cluster;
using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Scale;

/// <summary>Not a test but a measurement (docs/benchmarks.md): <c>DPVR_DASHBOARD_SCALE=1</c> runs it. A store of ten thousand jobs, a hundred of which have not ended: how long the list takes.</summary>
public sealed class TenThousandJobsTests(BrowserFixture browser, ITestOutputHelper log) : IClassFixture<BrowserFixture>
{
    private const int Ended = 9_900, Open = 100;

    [Fact, Trait("Category", "Slow")]
    public async Task List_OfTenThousandJobs_OpensSearchesAndPagesAtOnce()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DPVR_DASHBOARD_SCALE") == "1", "a measurement: DPVR_DASHBOARD_SCALE=1 runs it");
        Assert.SkipWhen(DashboardCluster.Missing is not null, DashboardCluster.Missing ?? "");
        using var folder = new TempFolder();
        var store = new ScaleStore(folder.Of("store"));
        await store.AddEndedAsync(Ended);
        await store.AddPausedAsync(Open, 1_000);
        await using var cluster = await DashboardCluster.StartAsync(folder.Of("store"), DashboardHost.Scenes, withWorker: false);
        var watch = new PageWatch(browser, cluster.Address, cluster.Dashboard.Id, log);

        await using (var first = await browser.OpenAsync(cluster.Address))
        {
            watch.Say("the first look at the list, to its first rows", await PageWatch.TimeAsync(async () =>
            {
                await first.GoAsync("/", "Jobs");
                await first.Page.Locator("table.jobs tbody tr").First.WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
            }));
            watch.Say("and until all jobs are known", await PageWatch.TimeAsync(() => SeeCountAsync(first, "10\u202f000 jobs")));
        }
        await watch.OpenAsync("a page without data", "/compare", "form.tools");
        await watch.OpenAsync("the list", "/", "table.jobs tbody tr");
        await using var page = await browser.OpenAsync(cluster.Address);
        await page.GoAsync("/", "Jobs");
        await SeeCountAsync(page, "10\u202f000 jobs");
        await watch.DoAsync("search, from the last key to its rows", () => TurnAsync(page, () => page.Page.GetByLabel("Search jobs").FillAsync("photos-7"), "198 jobs", () => page.Page.GetByLabel("Search jobs").FillAsync("")));
        await watch.DoAsync("filter", () => TurnAsync(page, () => page.Button("Paused").ClickAsync(), "100 jobs", () => page.Button("All").ClickAsync()));
        await watch.DoAsync("sort by another column", async () =>
        {
            await page.Button("Pictures").ClickAsync();
            await page.Page.Locator("th[aria-sort=descending]", new PageLocatorOptions { HasTextString = "Pictures" }).WaitForAsync();
            await page.Page.Locator("tbody tr", new PageLocatorOptions { HasTextString = "10\u202f899" }).First.WaitForAsync();
            await page.Button("Submitted, UTC").ClickAsync();
            await page.Page.Locator("th[aria-sort=descending]", new PageLocatorOptions { HasTextString = "Submitted" }).WaitForAsync();
        });
        await watch.DoAsync("the next page and back", async () =>
        {
            await page.Button("Later").ClickAsync();
            await page.SeeAsync("page 2 of 400");
            await page.Button("Earlier").ClickAsync();
            await page.SeeAsync("page 1 of 400");
        });
        await watch.SettleAsync();
        await watch.CpuAsync("one page watches the list");
    }

    private static Task SeeCountAsync(BrowserPage page, string text) =>
        page.Page.Locator("p[role=status]").GetByText(text, new LocatorGetByTextOptions { Exact = true }).WaitForAsync(new LocatorWaitForOptions { Timeout = 300_000 });

    private static async Task TurnAsync(BrowserPage page, Func<Task> there, string seen, Func<Task> back)
    {
        await there();
        await SeeCountAsync(page, seen);
        await back();
        await SeeCountAsync(page, "10\u202f000 jobs");
    }
}
