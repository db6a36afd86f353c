using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Monitoring.Tests.Run;

/// <summary>Not a test but a measurement (docs/benchmarks.md): <c>DPVR_METRICS_COST=1</c> runs it. Jobs of the same pictures by turns, scraped each second and not scraped, and what one scrape costs.</summary>
public sealed class MetricsCostTests(ITestOutputHelper log) : IDisposable
{
    private const int Pictures = 256, Pairs = 6, Scrapes = 200;
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly string _api = Address(FreePort.Next()), _metrics = Address(FreePort.Next());
    private int _jobs;

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact, Trait("Category", "Slow")]
    public async Task Captions_WhileMetricsAreScrapedEachSecond_KeepTheirRate()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DPVR_METRICS_COST") == "1", "a measurement: DPVR_METRICS_COST=1 runs it");
        Assert.SkipWhen(DpvrProcess.Missing is not null, DpvrProcess.Missing ?? "");
        using (var make = DpvrProcess.Start("scenes", "generate", _folder.Of("pictures"), "--count", $"{Pictures}", "--format", "png")) (await make.EndAsync()).Code.Should().Be(0);
        using var serve = DpvrProcess.Start("serve", "--store", _folder.Of("store"), "--http", _api, "--metrics", _metrics, "--health", "off", "--roots", $"pictures={_folder.Of("pictures")}");
        (await serve.WaitForLineAsync(static line => line.EndsWith("is ready", StringComparison.Ordinal))).Should().BeTrue(serve.Error);
        await RateAsync();

        var (without, with) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            foreach (var scraped in (bool[])[pair % 2 == 0, pair % 2 != 0]) (scraped ? with : without).Add(scraped ? await ScrapedAsync() : await RateAsync());
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"not scraped {without[pair]:F1} captions/s, scraped {with[pair]:F1}, ratio {with[pair] / without[pair]:F3}"));
        }
        var ratios = with.Zip(without, static (w, o) => w / o).Order().ToList();
        var ratio = (ratios[(Pairs - 1) / 2] + ratios[Pairs / 2]) / 2;
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of {Pairs} pairs: {ratio:F3} ({ratios[0]:F3}–{ratios[^1]:F3})"));

        using var process = Process.GetProcessById(serve.Id);
        var (before, bytes) = (process.TotalProcessorTime, 0);
        for (var i = 0; i < Scrapes; i++) bytes = (await ScrapeAsync(default)).Length;
        process.Refresh();
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a scrape: {(process.TotalProcessorTime - before).TotalMilliseconds / Scrapes:F2} ms of CPU, {bytes / 1024.0:F0} KiB"));
        ratio.Should().BeGreaterThan(0.95);
    }

    private async Task<double> ScrapedAsync()
    {
        using var stop = new CancellationTokenSource();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var scraping = Task.Run(async () =>
        {
            try
            {
                do await ScrapeAsync(stop.Token);
                while (await pace.WaitForNextTickAsync(stop.Token));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        });
        var rate = await RateAsync();
        await stop.CancelAsync();
        await scraping;
        return rate;
    }

    /// <summary>Captions a second of one job; its prompt is another each time, so that nothing is taken over.</summary>
    private async Task<double> RateAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await _http.PostAsJsonAsync(new Uri($"http://{_api}/api/jobs"), new { source = new { root = "pictures" }, prompts = new[] { new { name = "caption", text = $"Describe the image, {_jobs++}." } } });
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using (var events = await _http.GetStreamAsync(new Uri($"http://{_api}/api/jobs/{id}/events"))) await events.CopyToAsync(Stream.Null); // until it has ended
        var job = await _http.GetFromJsonAsync<JsonElement>(new Uri($"http://{_api}/api/jobs/{id}"));
        job.GetProperty("requests").GetProperty("succeeded").GetInt64().Should().Be(Pictures);
        return Pictures / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private Task<string> ScrapeAsync(CancellationToken cancellationToken) => _http.GetStringAsync(new Uri($"http://{_metrics}/metrics"), cancellationToken);

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
