using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dpvr.Monitoring.Tests.Deploy;

/// <summary>The files of <c>deploy/monitoring</c>, by Prometheus' own checker, and what must hold between them.</summary>
public sealed partial class MonitoringFilesTests
{
    [Fact]
    public async Task ConfigurationAndRules_ReadByPromtool_AreValid()
    {
        Assert.SkipWhen(Promtool.Missing is not null, Promtool.Missing ?? "");

        await Promtool.RunAsync(Rules.Folder, "check", "config", "prometheus.yml");
        await Promtool.RunAsync(Rules.Folder, ["check", "rules", .. Rules.Files()]);
    }

    /// <summary>Debian's Prometheus is built without the discovery of pods: everything else of that configuration is checked.</summary>
    [Fact]
    public async Task ConfigurationForKubernetes_ReadByPromtoolWithoutItsDiscovery_IsValid()
    {
        Assert.SkipWhen(Promtool.Missing is not null, Promtool.Missing ?? "");
        using var folder = new TempFolder();
        var text = Repository.Read("deploy/monitoring/prometheus-kubernetes.yml").Replace("rules/*.yml", $"{Rules.Folder}/rules/*.yml", StringComparison.Ordinal);
        var (from, to) = (text.IndexOf("    kubernetes_sd_configs:", StringComparison.Ordinal), text.IndexOf("    relabel_configs:", StringComparison.Ordinal));
        from.Should().BePositive().And.BeLessThan(to);
        folder.File("prometheus.yml", text[..from] + "    static_configs: [{ targets: [127.0.0.1:1] }]\n" + text[to..]);

        await Promtool.RunAsync(folder.Path, "check", "config", "prometheus.yml");
    }

    [Fact]
    public async Task Alerts_TestedByPromtool_FireWhenTheyShouldAndElseNot()
    {
        Assert.SkipWhen(Promtool.Missing is not null, Promtool.Missing ?? "");

        await Promtool.RunAsync(Path.Combine(Rules.Folder, "tests"), "test", "rules", "alerts_test.yml");
    }

    [Fact]
    public void Alerts_Always_AreEachTestedBothWays()
    {
        var tests = Repository.Read("deploy/monitoring/tests/alerts_test.yml");

        foreach (var (name, _) in Rules.Alerts()) tests.Should().Contain($"name: {name} fires").And.Contain($"name: {name} keeps quiet");
    }

    [Fact]
    public void Alerts_Always_NameTheirEntryInTheRunbook()
    {
        var anchors = Heading().Matches(Repository.Read("docs/monitoring.md")).Select(static m => m.Groups[1].Value.Trim().ToLowerInvariant().Replace(' ', '-')).ToHashSet(StringComparer.Ordinal);

        Rules.Alerts().Should().HaveCountGreaterThan(10);
        foreach (var (name, runbook) in Rules.Alerts())
        {
            runbook.Should().Be($"docs/monitoring.md#{name.ToLower(CultureInfo.InvariantCulture)}");
            anchors.Should().Contain(runbook!.Split('#')[1]);
        }
    }

    [Fact]
    public void Dashboards_Always_UseTheDatasourceThatIsProvisioned()
    {
        var provisioned = Uid().Match(Repository.Read("deploy/monitoring/grafana/provisioning/datasources/prometheus.yml")).Groups[1].Value;
        Dashboards.Files().Should().HaveCount(3);
        foreach (var file in Dashboards.Files())
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            dashboard.RootElement.GetProperty("uid").GetString().Should().Be(Path.GetFileNameWithoutExtension(file));
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()) panel.GetProperty("datasource").GetProperty("uid").GetString().Should().Be(provisioned);
        }
    }

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"uid: (\S+)")]
    private static partial Regex Uid();
}
