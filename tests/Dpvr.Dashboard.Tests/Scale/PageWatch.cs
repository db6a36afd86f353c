using System.Diagnostics;
using System.Globalization;
using Dpvr.Dashboard.Tests.Browser;
using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Scale;

/// <summary>Times of pages, and what they cost the process that serves them.</summary>
internal sealed class PageWatch(BrowserFixture browser, Uri address, int process, ITestOutputHelper log)
{
    private const int Runs = 5;
    private static readonly TimeSpan s_stretch = TimeSpan.FromSeconds(30); // what is measured is time itself
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(20);

    // When the page's own clock, which starts with the navigation, first saw something: what the driver takes besides is not the page's.
    private const string Watcher = """
        new MutationObserver((_, watch) => {
          if (!document.querySelector('{0}')) return;
          window.shownAt = performance.now();
          watch.disconnect();
        }).observe(document, { childList: true, subtree: true });
        """;

    /// <summary>How long a browser that has never been here takes until it shows what it came for, by the page's clock, and how long when it comes again; the medians of five.</summary>
    public async Task OpenAsync(string what, string path, string seen)
    {
        var (first, again) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var run = 0; run < Runs; run++)
        {
            await using var page = await browser.OpenAsync(address);
            await page.Page.AddInitScriptAsync(Watcher.Replace("{0}", seen, StringComparison.Ordinal));
            foreach (var times in (List<TimeSpan>[])[first, again])
            {
                await page.Page.GotoAsync(path);
                await page.Page.Locator(seen).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
                times.Add(TimeSpan.FromMilliseconds(await page.Page.EvaluateAsync<double>("window.shownAt")));
            }
        }
        Say($"open {what}", first);
        Say($"open {what} again", again);
    }

    /// <summary>How long something on a page takes; the median of five.</summary>
    public async Task DoAsync(string what, Func<Task> act)
    {
        var times = new List<TimeSpan>();
        for (var run = 0; run < Runs; run++) times.Add(await TimeAsync(act));
        Say(what, times);
    }

    /// <summary>Share of one core that the process takes for half a minute.</summary>
    public async Task CpuAsync(string what)
    {
        using var watched = Process.GetProcessById(process);
        var (before, begun) = (watched.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(s_stretch);
        watched.Refresh();
        var share = (watched.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(begun);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {100 * share:F1} % of one core, {watched.WorkingSet64 / 1048576.0:F0} MiB"));
    }

    /// <summary>Lets pass what a new kind of work costs once: its compilation, and that again for what is called often.</summary>
    public Task SettleAsync() => Task.Delay(s_settling);

    public static async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        var begun = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(begun);
    }

    public void Say(string what, params IReadOnlyList<TimeSpan> times) =>
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {times.Order().ElementAt(times.Count / 2).TotalSeconds:F2} s (all: {string.Join(", ", times.Select(static t => t.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture)))})"));
}
