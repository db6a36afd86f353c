using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Monitoring.Tests.Run;

/// <summary>
/// The real <c>dpvr serve</c> with the shipped model, scraped by a real Prometheus with the rules that ship. Its jobs: eight sample scenes and a file that is no picture,
/// with two prompts each, one of them new each time, so that there is always something to compute.
/// </summary>
public sealed class MeasuredRun : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly int _api = FreePort.Next(), _metrics = FreePort.Next();
    private readonly List<string> _jobs = [];
    private DpvrProcess? _serve;

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Missing => PrometheusServer.Missing ?? DpvrProcess.Missing;

    public PrometheusServer Prometheus { get; private set; } = null!;

    public IReadOnlyList<string> Jobs => _jobs;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null) return;
        var pictures = _folder.Of("pictures");
        Directory.CreateDirectory(pictures);
        foreach (var scene in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "scenes"), "*.png").Order(StringComparer.Ordinal).Take(8)) File.Copy(scene, Path.Combine(pictures, Path.GetFileName(scene)));
        await File.WriteAllTextAsync(Path.Combine(pictures, "not-a-picture.png"), "<html>");
        _serve = DpvrProcess.Start("serve", "--store", _folder.Of("store"), "--http", Address(_api), "--metrics", Address(_metrics), "--health", "off", "--roots", $"pictures={pictures}", "--threads", "1");
        if (!await _serve.WaitForLineAsync(static line => line.EndsWith("is ready", StringComparison.Ordinal))) throw new InvalidOperationException($"dpvr serve ended: {_serve.Error}");
        Prometheus = await PrometheusServer.StartAsync(Path.Combine(Repository.Root, "deploy", "monitoring", "rules"), Address(_metrics));
    }

    /// <summary>Hands in another job.</summary>
    public async Task SubmitAsync()
    {
        object[] prompts = [new { name = "caption", text = "Describe the image." }, new { name = "count", text = $"How many objects are there, more than {_jobs.Count}?" }];
        using var answer = await _http.PostAsJsonAsync(new Uri($"http://{Address(_api)}/api/jobs"), new { source = new { root = "pictures" }, prompts });
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        _jobs.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!);
    }

    /// <summary>A job as the API shows it.</summary>
    public Task<JsonElement> JobAsync(string job) => _http.GetFromJsonAsync<JsonElement>(new Uri($"http://{Address(_api)}/api/jobs/{job}"));

    /// <summary>True when all jobs have ended.</summary>
    public async Task<bool> IsIdleAsync() => _jobs.Count == 0 || (await JobAsync(_jobs[^1])).GetProperty("status").GetString() == "completed";

    /// <summary>Asks ten times a second until it holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan patience, Func<string> else_)
    {
        using var end = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await holds()) await timer.WaitForNextTickAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Assert.Fail(else_());
        }
    }

    /// <summary>What it shows now.</summary>
    public Task<string> ScrapeAsync() => _http.GetStringAsync(new Uri($"http://{Address(_metrics)}/metrics"));

    public async ValueTask DisposeAsync()
    {
        if (Prometheus is not null) await Prometheus.DisposeAsync();
        _serve?.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
