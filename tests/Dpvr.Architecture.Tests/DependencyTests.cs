using System.Reflection;
using System.Xml.Linq;

namespace Dpvr.Architecture.Tests;

/// <summary>Dependencies point one way: Contracts and Model know nobody, the CLI composes.</summary>
public sealed class DependencyTests
{
    /// <summary>What each project under src may refer to.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contracts"] = [],
        ["Model"] = [],
        ["Scenes"] = [],
        ["Hosting"] = ["Contracts"],
        ["Data"] = ["Contracts"],
        ["Silo"] = ["Contracts", "Data", "Hosting"],
        ["Workers"] = ["Contracts", "Data", "Model", "Hosting"],
        ["Dashboard"] = ["Contracts", "Hosting"],
        ["Cli"] = ["Contracts", "Data", "Model", "Scenes", "Hosting", "Silo", "Workers", "Dashboard"],
    };

    /// <summary>Assemblies that the engine must not know: transports, stores, hosts and user interfaces.</summary>
    private static readonly string[] ForbiddenUnderModel =
        ["Orleans", "MassTransit", "RabbitMQ", "Azure", "Npgsql", "System.Net", "Microsoft.AspNetCore", "Microsoft.Extensions", "Spectre", "System.CommandLine"];

    public static TheoryData<string> Projects() => [.. Allowed.Keys];

    [Fact]
    public void Projects_UnderSrc_AreAllGivenTheirPlace() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!).Should().BeEquivalentTo(Allowed.Keys);

    [Theory, MemberData(nameof(Projects))]
    public void ProjectReferences_Always_PointOneWay(string project)
    {
        var file = XDocument.Parse(Repository.Read($"src/{project}/Dpvr.{project}.csproj"));
        file.Descendants("ProjectReference").Select(r => ProjectOf(r.Attribute("Include")!.Value)).Should().BeSubsetOf(Allowed[project]);
    }

    [Theory, MemberData(nameof(Projects))]
    public void Assemblies_Always_UseOnlyWhatTheyMay(string project)
    {
        var used = Load(project).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Dpvr.", StringComparison.Ordinal));
        used.Select(n => n["Dpvr.".Length..]).Should().BeSubsetOf(Allowed[project]);
    }

    [Theory, InlineData("Model"), InlineData("Scenes")]
    public void TensorAssemblies_Always_KnowNoTransport(string project) =>
        Load(project).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => ForbiddenUnderModel.Any(f => n == f || n.StartsWith(f + ".", StringComparison.Ordinal))).Should().BeEmpty();

    [Fact]
    public void SourcesUnderModel_Always_NameNoTransport()
    {
        string[] usings = [.. ForbiddenUnderModel.Select(n => $"using {n}"), "using Dpvr.Data", "using Dpvr.Contracts", "using Dpvr.Workers", "using Dpvr.Silo"];
        Repository.Files(["src/Model"], "*.cs")
            .Where(f => File.ReadLines(Path.Combine(Repository.Root, f)).Any(line => usings.Any(u => line.StartsWith(u, StringComparison.Ordinal))))
            .Should().BeEmpty();
    }

    private static Assembly Load(string project) => Assembly.Load(project == "Cli" ? "dpvr" : $"Dpvr.{project}");

    private static string ProjectOf(string include) =>
        Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))["Dpvr.".Length..];
}
