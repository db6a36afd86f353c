using System.Text.Json;

namespace Dpvr.Monitoring.Tests.Deploy;

/// <summary>The dashboards that ship.</summary>
internal static class Dashboards
{
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "monitoring", "grafana", "dashboards"), "*.json");

    public static IEnumerable<PanelQuery> Queries()
    {
        foreach (var file in Files())
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
                foreach (var target in panel.GetProperty("targets").EnumerateArray())
                    yield return new PanelQuery(Path.GetFileNameWithoutExtension(file), panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!);
        }
    }
}
