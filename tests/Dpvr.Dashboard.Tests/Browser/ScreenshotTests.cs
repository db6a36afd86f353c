using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>
/// Not a test but pictures of every page, to be looked at: <c>DPVR_SCREENSHOTS=folder</c> makes them, wide and narrow, light and dark. Those of <c>docs/images</c> are
/// the ones that begin with <c>dashboard-</c>: what a wide, light window shows.
/// </summary>
public sealed class ScreenshotTests(BrowserFixture browser, OpenDashboard server) : IClassFixture<BrowserFixture>, IClassFixture<OpenDashboard>
{
    private static readonly string? s_folder = Environment.GetEnvironmentVariable("DPVR_SCREENSHOTS");

    [Fact, Trait("Category", "Slow")]
    public async Task Pages_Always_CanBeLookedAt()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(s_folder), "makes pictures: DPVR_SCREENSHOTS=folder says where");
        var other = await server.SubmitAsync("scenes", [("caption", "Describe the image."), ("count", "How many objects are there?")], "withdraw");
        var scenes = await server.SubmitAsync("scenes", [("caption", "Describe the image."), ("count", "How many objects are there?")]);
        await using (var wait = await browser.OpenAsync(server.Address))
        {
            await wait.GoAsync($"/jobs/{scenes}");
            await wait.SeeStatusAsync("completed");
            await wait.GoAsync($"/jobs/{other}");
            await wait.SeeStatusAsync("completed");
        }
        var running = await server.SubmitLongAsync();
        (string Name, string Path, string Seen)[] pages =
        [
            ("jobs", "/", ".grid tbody tr"), ("job", $"/jobs/{running}", ".chart-line"), ("job-ended", $"/jobs/{server.Ended}", ".shards"), ("gallery", $"/jobs/{server.Ended}/gallery", ".shot"),
            ("picture", $"/jobs/{scenes}/pictures/0/3", ".word"), ("picture-broken", $"/jobs/{server.Ended}/pictures/0/0", ".no-picture"), ("workers", "/workers", ".memory"), ("models", "/models", ".chart-dot"),
            ("compare", $"/compare?a={scenes}&b={other}", ".pair"), ("new", "/new", ".form"), ("missing", "/jobs/none", "h1"),
        ];
        foreach (var (width, dark) in ((int, bool)[])[(1280, false), (1280, true), (400, false), (400, true)])
        {
            await using var page = await browser.OpenAsync(server.Address, width, dark);
            foreach (var (name, path, seen) in pages)
            {
                await page.GoAsync(path);
                await page.Page.Locator(seen).First.WaitForAsync();
                if (name == "new") await TryAsync(page);
                // Pictures are loaded when somebody comes to them.
                await page.Page.EvaluateAsync("async () => { for (const i of document.querySelectorAll('img[loading=lazy]')) { i.loading = 'eager'; await i.decode().catch(() => 0); } }");
                await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
                await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_folder!, $"{name}-{width}-{(dark ? "dark" : "light")}.png"), FullPage = true });
                if (width == 1280 && !dark) await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_folder!, $"dashboard-{name}.png") });
            }
        }
    }

    private static async Task TryAsync(BrowserPage page)
    {
        await page.Page.GetByLabel("Root").SelectOptionAsync("scenes");
        await page.Button("Count").ClickAsync();
        await page.Page.Locator(".tile", new PageLocatorOptions { HasTextString = "requests" }).WaitForAsync();
        await page.Button("Try it on 8 pictures").ClickAsync();
        await page.Page.Locator(".tries .shot").Nth(7).WaitForAsync();
    }
}
