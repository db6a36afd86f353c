using System.Globalization;
using System.Text.RegularExpressions;
using Dpvr.Monitoring.Tests.Deploy;
using Dpvr.TestKit.Processes;

namespace Dpvr.Monitoring.Tests.Run;

/// <summary>What a run shows, by the real tools: it is well-formed, says the same as the jobs, and every panel of every dashboard has something to draw.</summary>
public sealed partial class MeasuredRunTests(MeasuredRun run) : IClassFixture<MeasuredRun>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4); // 20 s on a free machine

    [Fact]
    public async Task Dashboards_WhileJobsRun_HaveDataForEveryQuery()
    {
        Assert.SkipWhen(MeasuredRun.Missing is not null, MeasuredRun.Missing ?? "");
        var open = Dashboards.Queries().ToList();
        open.Should().HaveCountGreaterThan(60);

        await MeasuredRun.UntilAsync(async () =>
        {
            // A rate needs something that happens between two scrapes.
            if (await run.IsIdleAsync()) await run.SubmitAsync();
            var left = new List<PanelQuery>();
            foreach (var query in open)
                if (!(await run.Prometheus.QueryAsync(query.Runnable)).Any(static s => double.IsFinite(s.Value))) left.Add(query);
            open = left;
            return open.Count == 0;
        }, s_patience, () => "no data: " + string.Join("\n", open));

        var rules = await run.Prometheus.RulesAsync();
        var bad = rules.GetProperty("groups").EnumerateArray().SelectMany(static g => g.GetProperty("rules").EnumerateArray()).Where(static r => r.GetProperty("health").GetString() == "err").Select(static r => r.ToString());
        bad.Should().BeEmpty();
    }

    [Fact]
    public async Task Metrics_WhenAllJobsHaveEnded_SayWhatTheJobsSay()
    {
        Assert.SkipWhen(MeasuredRun.Missing is not null, MeasuredRun.Missing ?? "");
        await run.SubmitAsync();
        await MeasuredRun.UntilAsync(run.IsIdleAsync, s_patience, static () => "the job did not end");

        var shown = await run.ScrapeAsync();
        (long Succeeded, long Failed, long Total) said = default;
        foreach (var id in run.Jobs)
        {
            var counts = (await run.JobAsync(id)).GetProperty("requests");
            said = (said.Succeeded + counts.GetProperty("succeeded").GetInt64(), said.Failed + counts.GetProperty("failed").GetInt64(), said.Total + counts.GetProperty("total").GetInt64());
            Value(shown, $$"""dpvr_job_answers{job_id="{{id}}",outcome="succeeded"}""").Should().Be(counts.GetProperty("succeeded").GetInt64());
        }
        said.Should().Be((16L * run.Jobs.Count, 2L * run.Jobs.Count, 18L * run.Jobs.Count));
        Value(shown, """dpvr_answers_total{outcome="succeeded",code="none"}""").Should().Be(said.Succeeded);
        Value(shown, """dpvr_answers_total{outcome="failed",code="unsupported_format"}""").Should().Be(said.Failed);
        Value(shown, """dpvr_images_total{outcome="succeeded",code="none"}""").Should().Be(said.Succeeded / 2);
        Value(shown, """dpvr_images_total{outcome="failed",code="unsupported_format"}""").Should().Be(said.Failed / 2);
        Value(shown, """dpvr_jobs{status="completed"}""").Should().Be(run.Jobs.Count);
    }

    [Fact]
    public async Task Metrics_ReadByPromtool_KeepTheConventions()
    {
        Assert.SkipWhen(MeasuredRun.Missing is not null || Promtool.Missing is not null, MeasuredRun.Missing ?? Promtool.Missing ?? "");

        await Promtool.CheckMetricsAsync(await run.ScrapeAsync());
    }

    [Fact]
    public async Task Metrics_NamedInDashboardsAndRules_AllExist()
    {
        Assert.SkipWhen(MeasuredRun.Missing is not null, MeasuredRun.Missing ?? "");
        var shown = await run.ScrapeAsync();
        var known = TypeLine().Matches(shown).Select(static m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        string[] expressions = [.. Dashboards.Queries().Select(static q => q.Expression), .. Rules.Expressions()];

        var named = expressions.SelectMany(static e => MetricName().Matches(e)).Select(static m => Suffix().Replace(m.Value, "")).Distinct(StringComparer.Ordinal);

        named.Where(name => !known.Contains(name)).Should().BeEmpty();
    }

    [Fact]
    public async Task Metrics_OfOurOwn_AreAllInTheDocument()
    {
        Assert.SkipWhen(MeasuredRun.Missing is not null, MeasuredRun.Missing ?? "");
        var document = Repository.Read("docs/monitoring.md");

        var shown = TypeLine().Matches(await run.ScrapeAsync()).Select(static m => m.Groups[1].Value).Where(static n => n.StartsWith("dpvr_", StringComparison.Ordinal));

        shown.Where(name => !document.Contains($"| `{name}` |", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public async Task Metrics_OfARun_HoldNoNameOfAPictureAndNoAnswer()
    {
        Assert.SkipWhen(MeasuredRun.Missing is not null, MeasuredRun.Missing ?? "");

        (await run.ScrapeAsync()).Should().NotContainAny("not-a-picture", "test-0000", ".png", "Describe", "pictures/");
    }

    private static double Value(string text, string series) =>
        double.Parse(text.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);

    [GeneratedRegex("^# TYPE ([a-z0-9_]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"(?<![\w:])(dpvr|process|dotnet)_[a-z0-9_]+(?![\w:])")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
