using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Tests.Browser;
using Dpvr.Dashboard.Tests.Cluster;
using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Scale;

/// <summary>
/// Not a test but a measurement (docs/benchmarks.md): <c>DPVR_DASHBOARD_SCALE=1</c> runs it. A job of a million pictures, most of them done, one in five hundred broken, and a worker
/// that goes on with a thousand pictures a second: how long its pages take, and what they cost the process that serves them.
/// </summary>
public sealed class MillionPicturesTests(BrowserFixture browser, ITestOutputHelper log) : IClassFixture<BrowserFixture>
{
    private const int LeftShards = 1_500; // six minutes of the worker's: as long as the pages are looked at
    private static readonly JobId s_job = new("million-1");

    [Fact, Trait("Category", "Slow")]
    public async Task Pages_OfAJobOfAMillionPictures_OpenAtOnceAndCostLittle()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DPVR_DASHBOARD_SCALE") == "1", "a measurement: DPVR_DASHBOARD_SCALE=1 runs it");
        Assert.SkipWhen(DashboardCluster.Missing is not null, DashboardCluster.Missing ?? "");
        using var folder = new TempFolder();
        var store = new ScaleStore(folder.Of("store"));
        JobPlan plan = null!;
        var planned = await PageWatch.TimeAsync(async () => plan = await store.PlanAsync(s_job, 1_000_000));
        var committed = await PageWatch.TimeAsync(() => store.CommitAsync(s_job, 0, plan.Shards - LeftShards));
        log.WriteLine($"{plan.Images} pictures in {plan.Shards} shards: planned in {planned.TotalSeconds:F1} s, all but {LeftShards} shards committed in {committed.TotalSeconds:F1} s");

        await using var cluster = await DashboardCluster.StartAsync(folder.Of("store"), DashboardHost.Scenes, withWorker: false);
        var watch = new PageWatch(browser, cluster.Address, cluster.Dashboard.Id, log);
        await watch.OpenAsync("a page without data", "/compare", "form.tools");
        await using (var first = await browser.OpenAsync(cluster.Address))
        {
            watch.Say("the first look at the job, to its numbers", await PageWatch.TimeAsync(async () =>
            {
                await first.GoAsync($"/jobs/{s_job}", s_job.Value);
                await first.Page.Locator(".tile-value").First.WaitForAsync();
            }));
            watch.Say("and until all shards are read", await PageWatch.TimeAsync(() =>
                first.Page.Locator(".tile-note", new PageLocatorOptions { HasTextString = "shards to read" }).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached, Timeout = 300_000 })));
        }
        await using var worker = new PacedWorker(store, cluster.Membership, TimeSpan.FromMilliseconds(250));
        await worker.StartAsync();

        await watch.OpenAsync("the job", $"/jobs/{s_job}", ".tile-value");
        await watch.OpenAsync("the map of its shards", $"/jobs/{s_job}", ".shards .shard");
        await watch.OpenAsync("a page without data, while it runs", "/compare", "form.tools");
        await watch.OpenAsync("its pictures", $"/jobs/{s_job}/gallery", ".shot");
        await watch.OpenAsync("one picture", $"/jobs/{s_job}/pictures/2000/77", ".answer-text");
        await watch.OpenAsync("the list", "/", "table.jobs tbody tr");
        await using (var page = await browser.OpenAsync(cluster.Address))
        {
            await page.GoAsync("/", "Jobs");
            await watch.DoAsync("the job by a click in the list, and back", async () =>
            {
                await page.Link(s_job.Value).ClickAsync();
                await page.Page.Locator(".tile-value").First.WaitForAsync();
                await page.Page.GoBackAsync();
                await page.Link(s_job.Value).WaitForAsync();
            });
        }
        await using (var page = await browser.OpenAsync(cluster.Address))
        {
            await page.GoAsync($"/jobs/{s_job}", s_job.Value);
            await watch.SettleAsync();
            await watch.CpuAsync("one page watches the job");
            for (var range = 1; range < 4; range++) await page.Button("Shards after").ClickAsync(); // to the last, whose shards wait longest
            await page.Page.Locator(".shards .shard.waiting").First.WaitForAsync();
            await watch.SettleAsync();
            await watch.CpuAsync("one page watches the job and the shards that are done now");
            await page.GoAsync($"/jobs/{s_job}/gallery", s_job.Value);
            await watch.SettleAsync();
            await watch.CpuAsync("one page watches its pictures");
        }
        await using (var page = await browser.OpenAsync(cluster.Address))
        {
            await page.GoAsync($"/jobs/{s_job}/gallery");
            await page.Page.Locator(".shot").First.WaitForAsync();
            await watch.DoAsync("search for what is everywhere", () => SearchAsync(page, "a large red star"));
            await watch.DoAsync("search for one picture, the first answer", () => SearchAsync(page, "number 700123."));
            watch.Say("and until it is found", await PageWatch.TimeAsync(() => SearchOnAsync(page)));
        }
        await watch.SettleAsync();
        await watch.CpuAsync("nobody looks");
    }

    private static async Task SearchAsync(BrowserPage page, string text)
    {
        await page.Page.GetByLabel("Search captions").FillAsync("");
        await page.Page.Locator(".pager [role=status]", new PageLocatorOptions { HasTextString = "found in" }).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await page.Page.GetByLabel("Search captions").FillAsync(text);
        await page.Page.Locator(".pager [role=status]", new PageLocatorOptions { HasTextString = "found in" }).WaitForAsync();
    }

    private static async Task SearchOnAsync(BrowserPage page)
    {
        var found = page.Page.Locator(".shot").First;
        var further = page.Page.Locator(".pager button:enabled", new PageLocatorOptions { HasTextString = "Search on" });
        while (true)
        {
            await found.Or(further).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
            if (await found.CountAsync() > 0) return;
            await page.Page.EvaluateAsync("() => document.querySelector('.pager button:enabled')?.click()"); // which may be gone by now
        }
    }
}
