using System.Text.RegularExpressions;

namespace Dpvr.Architecture.Tests;

/// <summary>Rules that hold for every source file (see docs/architecture.md).</summary>
public sealed partial class SourceRulesTests
{
    private const int LongestFile = 400;

    [Fact]
    public void CSharpFiles_Always_AreFound() => Repository.CSharpFiles().Should().Contain("src/Cli/Program.cs");

    [Fact]
    public void CSharpFiles_Always_HaveAtMost400Lines() =>
        Repository.CSharpFiles().Where(f => File.ReadLines(Path.Combine(Repository.Root, f)).Count() > LongestFile).Should().BeEmpty();

    [Fact]
    public void CSharpFiles_Always_HaveFileScopedNamespaces() =>
        Repository.CSharpFiles().Where(f => BlockNamespace().IsMatch(Repository.Read(f))).Should().BeEmpty();

    [Fact]
    public void SourceFolders_Always_AreNamedAfterAFeature() =>
        Repository.CSharpFiles().Where(f => f.Split('/').Any(part => part is "Helpers" or "Utils" or "Interfaces" or "Common" or "Misc")).Should().BeEmpty();

    [Fact]
    public void Tests_Always_WaitWithoutSleeping() =>
        Repository.Files(["tests"], "*.cs").Where(f => !f.StartsWith("tests/Dpvr.Architecture.Tests/", StringComparison.Ordinal))
            .Where(f => Sleeps().IsMatch(Repository.Read(f))).Should().BeEmpty("a fake clock or a TaskCompletionSource says what is waited for");

    [Fact]
    public void TextFiles_Always_AreFreeOfPathsOfOneMachine()
    {
        string[] folders = ["src", "tests", "docs", "samples", "benchmarks", ".ci"];
        var files = new[] { "*.cs", "*.csproj", "*.props", "*.targets", "*.md", "*.json", "*.jsonl", "*.yml", "*.sh", "run" }
            .SelectMany(pattern => Repository.Files(folders, pattern))
            .Concat(new[] { "README.md", "dpvr", "test.sh", "global.json", "Directory.Build.props" }.Where(f => File.Exists(Path.Combine(Repository.Root, f))))
            .Where(f => !f.Contains("/golden/", StringComparison.Ordinal) && !f.StartsWith("tests/Dpvr.Architecture.Tests/", StringComparison.Ordinal));
        files.Where(f => MachinePath().IsMatch(Repository.Read(f))).Should().BeEmpty();
    }

    [GeneratedRegex(@"^namespace [\w.]+\s*\r?\n?\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(@"\bThread\.Sleep\s*\(|\bTask\.Delay\s*\(\s*(\d|TimeSpan\.From\w+\(\s*[\d.]+\s*\)\s*[,)])")]
    private static partial Regex Sleeps();

    [GeneratedRegex(@"(?<![\w.:/$~}-])/(work|root|home/\w+)/|/tmp/[a-z]")]
    private static partial Regex MachinePath();
}
