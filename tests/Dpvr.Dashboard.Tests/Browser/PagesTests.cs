using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>Every page in a real browser against a real server.</summary>
public sealed class PagesTests(BrowserFixture browser, OpenDashboard server) : IClassFixture<BrowserFixture>, IClassFixture<OpenDashboard>
{
    [Fact]
    public async Task Jobs_Always_ListsSearchesAndSorts()
    {
        await using var page = await OpenAsync();
        await page.GoAsync("/", "Jobs");
        await page.SeeAsync(server.Ended);
        await page.Page.GetByLabel("Search jobs").FillAsync("no such job");
        await page.SeeAsync("No job fits.");
        await page.Button("Show all").ClickAsync();
        await page.SeeAsync(server.Ended);
        await page.Button("Trouble").ClickAsync();
        await page.SeeAsync(server.Ended);
        await page.Button("Active").ClickAsync();
        await page.Page.GetByText(server.Ended).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await page.Button("All").ClickAsync();
        await page.Button("Pictures").ClickAsync();
        await page.Page.Locator("th[aria-sort=descending]", new PageLocatorOptions { HasTextString = "Pictures" }).WaitForAsync();
        await page.Link(server.Ended).ClickAsync();
        await page.SeeHeadingAsync(server.Ended);
        await page.Page.GoBackAsync(); // one click, one step
        await page.SeeHeadingAsync("Jobs");
        page.Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task Job_WhenItHasEnded_ShowsWhatFailedAndItsFiles()
    {
        await using var page = await OpenAsync();
        await page.GoAsync($"/jobs/{server.Ended}", server.Ended);
        await page.SeeStatusAsync("completed");
        await page.SeeAsync("unsupported_format");
        await page.Page.Locator(".failure summary").ClickAsync();
        (await page.Page.Locator(".failure li").First.InnerTextAsync()).Should().Contain("broken <b>.jpg", "names are text, never markup");
        await page.Page.Locator(".shards .shard").Nth(1).WaitForAsync(); // the map is looked at apart from the job
        (await page.Page.Locator(".shards .shard").CountAsync()).Should().Be(2);
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Link("captions.jsonl").ClickAsync());
        (await File.ReadAllLinesAsync(await download.PathAsync())).Should().HaveCount(40);
        page.Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task Gallery_Always_ShowsSearchesAndOpensPictures()
    {
        await using var page = await OpenAsync();
        await page.GoAsync($"/jobs/{server.Ended}/gallery");
        await page.Page.Locator(".shot").Nth(20).WaitForAsync();
        await page.Page.Locator(".frame img").Nth(1).ScrollIntoViewIfNeededAsync();
        (await page.Page.Locator(".frame img").Nth(1).EvaluateAsync<bool>("i => i.decode().then(() => i.naturalWidth > 0)")).Should().BeTrue();
        await page.Page.GetByText("only failures").ClickAsync();
        await page.Page.Locator(".shot").Nth(1).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await page.SeeAsync("broken <b>.jpg");
        (await page.Page.Locator(".shot .no-picture code").InnerTextAsync()).Should().Be("unsupported_format", "a broken picture's place says what is wrong with it");
        await page.Page.GetByText("only failures").ClickAsync();
        await page.Page.Locator(".shot").Nth(20).WaitForAsync();
        await page.Page.GetByLabel("Search captions").FillAsync("test-000003");
        await page.SeeAsync("1 found in 21 pictures");
        await page.Button("Newest").ClickAsync();
        await page.SeeAsync("1 found in 21 pictures");
        await page.Page.Locator(".shot a").First.ClickAsync();
        await page.SeeHeadingAsync("test-000003.jpg");
        (await page.Page.Locator(".picture img").EvaluateAsync<bool>("i => i.decode().then(() => i.naturalWidth > 0)")).Should().BeTrue();
        await page.Page.Locator(".word").First.WaitForAsync();
        (await page.Page.Locator(".word").CountAsync()).Should().BePositive("each word is shaded by its log-probability");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "after" }).ClickAsync();
        await page.SeeHeadingAsync("test-000004.png");
        await page.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "before" }).ClickAsync();
        await page.SeeHeadingAsync("test-000003.jpg");
        page.Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task NewJob_WhenItIsTried_CountsAnswersAndStarts()
    {
        await using var page = await OpenAsync();
        await page.GoAsync("/new", "New job");
        await page.Page.GetByLabel("Root").SelectOptionAsync("scenes");
        await page.Page.GetByLabel("Only files like").FillAsync("test-00000*");
        await page.Button("Add a question").ClickAsync();
        await page.Button("Count").ClickAsync();
        await page.Page.Locator("[role=alert]", new PageLocatorOptions { HasTextString = "prompts[1].text" }).WaitForAsync();
        await page.Page.GetByLabel("Text of the prompt").Nth(1).FillAsync("How many objects are there?");
        await page.Button("Count").ClickAsync();
        await page.Page.Locator(".tile", new PageLocatorOptions { HasTextString = "requests" }).GetByText("20", new LocatorGetByTextOptions { Exact = true }).WaitForAsync();
        await page.Button("Try it on 8 pictures").ClickAsync();
        await page.Page.Locator(".tries .shot").Nth(7).WaitForAsync();
        (await page.Page.Locator(".tries .shot").First.InnerTextAsync()).Should().Contain("caption:").And.Contain("q2:");
        await page.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Remove the prompt" }).Nth(1).ClickAsync();
        await page.Button("Start the job").ClickAsync();
        await page.SeeStatusAsync("completed");
        page.Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task Compare_WhenRoutingsDiffer_ShowsBothAnswers()
    {
        var other = await server.SubmitAsync("some", [("caption", "Describe the image.")], "withdraw");
        await using var page = await OpenAsync();
        await page.GoAsync($"/jobs/{other}");
        await page.SeeStatusAsync("completed");
        await page.GoAsync($"/compare?a={server.Ended}&b={other}", "Compare");
        await page.SeeAsync("21 pictures compared");
        (await page.Page.Locator(".pair").CountAsync()).Should().Be(22, "a row of titles, and the pictures");
        await page.Page.GetByText("only different answers").ClickAsync();
        await page.Button("Compare").ClickAsync();
        await page.SeeAsync("21 pictures compared");
        page.Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task WorkersAndModels_Always_ShowWhatIsThere()
    {
        await using var page = await OpenAsync();
        await page.GoAsync("/workers", "Workers");
        await page.SeeAsync("cpu, float32");
        await page.SeeAsync("Where the engine's time went");
        await page.Page.GetByRole(AriaRole.Meter, new PageGetByRoleOptions { Name = "Sequences in the batch" }).WaitForAsync();
        var memory = page.Page.GetByRole(AriaRole.Table, new PageGetByRoleOptions { Name = "Memory" }).Locator("tbody tr");
        (await memory.AllInnerTextsAsync()).Should().HaveCount(4).And.OnlyContain(static row => row.Contains("iB", StringComparison.Ordinal) && !row.Contains("\t0 B", StringComparison.Ordinal), "each part was planned or measured");
        var (planned, measured) = (await memory.Nth(1).Locator("td").Nth(0).InnerTextAsync(), await memory.Nth(1).Locator("td").Nth(1).InnerTextAsync());
        measured.Should().Be(planned, "keys and values are reserved as the plan reckoned them");
        await page.Link("Models").ClickAsync();
        await page.SeeHeadingAsync("Models");
        await page.SeeAsync("scenes-5m");
        (await page.Page.Locator("table tbody tr").CountAsync()).Should().Be(3);
        (await page.Page.Locator(".chart-dot").CountAsync()).Should().Be(8, "a point for each layer");
        await page.Button("Dark colours").ClickAsync();
        await page.Page.Locator("html[data-theme=dark]").WaitForAsync();
        await page.Page.ReloadAsync();
        await page.Button("Light colours").ClickAsync();
        await page.Page.Locator("html[data-theme=light]").WaitForAsync();
        page.Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_At400Pixels_DoNotScrollSidewaysAndNameEverything()
    {
        await using var page = await browser.OpenAsync(server.Address, width: 400, dark: true);
        foreach (var path in (string[])["/", "/new", "/workers", "/models", "/compare", $"/jobs/{server.Ended}", $"/jobs/{server.Ended}/gallery", $"/jobs/{server.Ended}/pictures/0/1", "/jobs/none"])
        {
            await page.GoAsync(path);
            if (path == $"/jobs/{server.Ended}") await page.SeeAsync("unsupported_format");
            (await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth")).Should().BeLessThanOrEqualTo(0, path);
            (await page.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('button, a, input:not([type=hidden]), select')].filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.title || e.labels?.length || e.getAttribute('tabindex') === '-1')).map(e => e.outerHTML)"))
                .Should().BeEmpty($"everything of {path} that can be used has a name");
        }
    }

    private Task<BrowserPage> OpenAsync() => browser.OpenAsync(server.Address);
}
