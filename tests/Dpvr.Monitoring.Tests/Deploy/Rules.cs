using YamlDotNet.RepresentationModel;

namespace Dpvr.Monitoring.Tests.Deploy;

/// <summary>The rules that ship.</summary>
internal static class Rules
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy", "monitoring");

    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(Folder, "rules"), "*.yml");

    public static IEnumerable<string> Expressions() => All().Select(static r => Text(r, "expr")!);

    /// <summary>Names of alerts, each with its runbook's address.</summary>
    public static IEnumerable<(string Name, string? Runbook)> Alerts() => All().Where(static r => r.Children.ContainsKey("alert")).Select(static r => (Text(r, "alert")!, Text((YamlMappingNode)r["annotations"], "runbook_url")));

    private static IEnumerable<YamlMappingNode> All()
    {
        foreach (var file in Files())
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(File.ReadAllText(file)));
            foreach (var group in (YamlSequenceNode)yaml.Documents[0].RootNode["groups"])
                foreach (var rule in (YamlSequenceNode)group["rules"]) yield return (YamlMappingNode)rule;
        }
    }

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;
}
