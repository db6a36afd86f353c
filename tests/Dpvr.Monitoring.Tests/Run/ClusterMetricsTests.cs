using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dpvr.Monitoring.Tests.Deploy;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Monitoring.Tests.Run;

/// <summary>Silo, worker and dashboard as processes of their own, each scraped by a real Prometheus: the dashboards' queries find their data wherever it arises.</summary>
public sealed class ClusterMetricsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4); // half a minute on a free machine

    [Fact]
    public async Task Dashboards_OverProcessesOfTheirOwn_HaveDataForEveryQuery()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        using var folder = new TempFolder();
        var pictures = folder.Of("pictures");
        Directory.CreateDirectory(pictures);
        foreach (var scene in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "scenes"), "*.png").Order(StringComparer.Ordinal).Take(8)) File.Copy(scene, Path.Combine(pictures, Path.GetFileName(scene)));
        await File.WriteAllTextAsync(Path.Combine(pictures, "not-a-picture.png"), "<html>");
        await using var redis = await RedisServer.StartAsync();
        string[] where = ["--cluster", $"redis://127.0.0.1:{redis.Port}", "--store", folder.Of("store"), "--health", "off"];
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next()];
        var http = FreePort.Next();
        using var silo = DpvrProcess.Start(["silo", .. where, "--metrics", Address(ports[0])]);
        using var worker = DpvrProcess.Start(["worker", .. where, "--metrics", Address(ports[1]), "--device", "cpu", "--threads", "1"]);
        await ReadyAsync(silo);
        await ReadyAsync(worker);
        using var dashboard = DpvrProcess.Start(["dashboard", .. where, "--metrics", Address(ports[2]), "--http", Address(http), "--roots", $"pictures={pictures}"]);
        await ReadyAsync(dashboard);
        await using var prometheus = await PrometheusServer.StartAsync(Path.Combine(Rules.Folder, "rules"), [.. ports.Select(Address)]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{Address(http)}") };
        var (open, jobs, last) = (Dashboards.Queries().ToList(), 0, "");

        await MeasuredRun.UntilAsync(async () =>
        {
            if (last.Length == 0 || await IsDoneAsync(client, last)) last = await SubmitAsync(client, jobs++);
            var left = new List<PanelQuery>();
            foreach (var query in open)
                if (!(await prometheus.QueryAsync(query.Runnable)).Any(static s => double.IsFinite(s.Value))) left.Add(query);
            open = left;
            return open.Count == 0;
        }, s_patience, () => $"no data after {jobs} jobs: {string.Join("\n", open)}");

        (await RolesAsync(prometheus)).Should().BeEquivalentTo("silo", "worker", "dashboard");
        (await prometheus.QueryAsync("up == 1")).Should().HaveCount(3);
        (await WhereAsync(prometheus, "dpvr_jobs")).Should().Equal([Address(ports[0])], "jobs are the silo's");
        (await WhereAsync(prometheus, "dpvr_generation_tokens_total")).Should().Equal([Address(ports[1])], "tokens are the worker's");
    }

    private static string? Missing => PrometheusServer.Missing ?? RedisServer.Missing ?? DpvrProcess.Missing;

    private static async Task ReadyAsync(DpvrProcess process) => (await process.WaitForLineAsync(static line => line.EndsWith("ready", StringComparison.Ordinal))).Should().BeTrue(process.Error);

    private static async Task<string> SubmitAsync(HttpClient client, int number)
    {
        object[] prompts = [new { name = "caption", text = "Describe the image." }, new { name = "count", text = $"How many objects are there, more than {number}?" }];
        using var answer = await client.PostAsJsonAsync("/api/jobs", new { source = new { root = "pictures" }, prompts });
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<bool> IsDoneAsync(HttpClient client, string job) => (await client.GetFromJsonAsync<JsonElement>($"/api/jobs/{job}")).GetProperty("status").GetString() == "completed";

    private static async Task<IEnumerable<string>> RolesAsync(PrometheusServer prometheus) => await LabelAsync(prometheus, "dpvr_build_info", "role");

    private static async Task<IEnumerable<string>> WhereAsync(PrometheusServer prometheus, string metric) => (await LabelAsync(prometheus, metric, "instance")).Distinct();

    private static async Task<IEnumerable<string>> LabelAsync(PrometheusServer prometheus, string metric, string label) =>
        (await prometheus.QueryAsync(metric)).Select(s => JsonDocument.Parse(s.Labels).RootElement.GetProperty(label).GetString()!);

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
