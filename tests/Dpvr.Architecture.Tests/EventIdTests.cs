using System.Text.RegularExpressions;

namespace Dpvr.Architecture.Tests;

/// <summary>A log event's id says which event it is, so it must be given and unique within a project.</summary>
public sealed partial class EventIdTests
{
    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Projects))]
    public void LoggerMessages_InOneProject_HaveUniqueEventIds(string project)
    {
        var attributes = Repository.Files([Path.Combine("src", project)], "*.cs")
            .SelectMany(f => LoggerMessage().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value)).ToList();
        var ids = attributes.Select(a => EventId().Match(a)).ToList();

        ids.Where(m => !m.Success).Should().BeEmpty("each event has an explicit id");
        ids.GroupBy(m => m.Groups[1].Value).Where(g => g.Count() > 1).Select(g => g.Key).Should().BeEmpty();
    }

    [GeneratedRegex(@"\[LoggerMessage\(([^\]]*)\]")]
    private static partial Regex LoggerMessage();

    [GeneratedRegex(@"^\s*(?:EventId\s*=\s*)?(\d+)|\bEventId\s*=\s*(\d+)")]
    private static partial Regex EventId();
}
