using System.Globalization;
using System.Text.Json;
using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Servers;

/// <summary>A Prometheus of a test's own: scrapes one host each second and evaluates the rules of a folder.</summary>
public sealed class PrometheusServer : ServerProcess
{
    private static readonly string? s_program = Programs.Find("prometheus", "/usr/bin", "/usr/local/bin");
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly string _rules;
    private readonly IReadOnlyList<string> _targets;

    private PrometheusServer(string rules, IReadOnlyList<string> targets) => (_rules, _targets) = (rules, targets);

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing => s_program is null ? "prometheus is not installed (Debian: apt-get install prometheus)" : null;

    /// <inheritdoc/>
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>Starts one.</summary>
    /// <param name="rules">Folder with rule files.</param>
    /// <param name="targets">Addresses and ports of the hosts to scrape.</param>
    public static Task<PrometheusServer> StartAsync(string rules, params string[] targets)
    {
        var server = new PrometheusServer(rules, targets);
        return server.StartFirstAsync(server, CancellationToken.None);
    }

    /// <summary>The samples that a query gives now: labels and value.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refused it.</exception>
    public async Task<IReadOnlyList<(string Labels, double Value)>> QueryAsync(string query, CancellationToken cancellationToken = default)
    {
        using var answer = JsonDocument.Parse(await GetAsync($"query?query={Uri.EscapeDataString(query)}", cancellationToken));
        if (answer.RootElement.GetProperty("status").GetString() != "success") throw new InvalidOperationException($"{query}: {answer.RootElement}");
        var data = answer.RootElement.GetProperty("data");
        return data.GetProperty("resultType").GetString() == "vector"
            ? [.. data.GetProperty("result").EnumerateArray().Select(s => (s.GetProperty("metric").ToString(), ValueOf(s.GetProperty("value"))))]
            : [("", ValueOf(data.GetProperty("result")))];
    }

    /// <summary>The rules as it evaluates them.</summary>
    public async Task<JsonElement> RulesAsync(CancellationToken cancellationToken = default)
    {
        using var answer = JsonDocument.Parse(await GetAsync("rules", cancellationToken));
        return answer.RootElement.GetProperty("data").Clone();
    }

    private async Task<string> GetAsync(string call, CancellationToken cancellationToken)
    {
        using var answer = await s_http.GetAsync(new Uri($"{ConnectionString}/api/v1/{call}"), cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private static double ValueOf(JsonElement pair) => double.Parse(pair[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private protected override Task PrepareAsync(CancellationToken cancellationToken)
    {
        Folder.File("prometheus.yml", $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: ["{{_rules}}/*.yml"]
            scrape_configs:
              - job_name: dpvr
                static_configs: [{ targets: [{{string.Join(", ", _targets.Select(static t => $"\"{t}\""))}}] }]
            """);
        return Task.CompletedTask;
    }

    private protected override ChildProcess Launch() => ChildProcess.Start(
        s_program ?? throw new InvalidOperationException(Missing),
        [$"--config.file={Folder.Of("prometheus.yml")}", $"--storage.tsdb.path={Folder.Of("data")}", $"--web.listen-address=127.0.0.1:{Port}", "--log.level=warn"]);

    private protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var answer = await s_http.GetAsync(new Uri($"{ConnectionString}/-/ready"), cancellationToken);
        return answer.IsSuccessStatusCode;
    }
}
