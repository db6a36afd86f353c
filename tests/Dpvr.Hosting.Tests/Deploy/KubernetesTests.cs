using k8s;
using k8s.Models;

namespace Dpvr.Hosting.Tests.Deploy;

/// <summary>The manifests as the API server would read them: unknown fields and wrong types are refused.</summary>
public sealed class KubernetesTests
{
    private const string Kustomization = "kustomization.yaml";
    private static readonly string s_root = Path.Combine(Repository.Root, "deploy");

    /// <summary>The cluster, and what may be added to it.</summary>
    public static TheoryData<string> Folders() => [.. Directory.EnumerateDirectories(s_root, "kubernetes*").Select(f => Path.GetFileName(f)!)];

    public static TheoryData<string> Manifests() => [.. Directory.EnumerateDirectories(s_root, "kubernetes*").SelectMany(static f => Directory.EnumerateFiles(f, "*.yaml")).Where(static f => Path.GetFileName(f) != Kustomization).Select(static f => Path.GetRelativePath(s_root, f))];

    [Theory, MemberData(nameof(Manifests))]
    public void Manifest_ReadStrictly_IsMadeOfKnownFields(string file) => Load(file).Should().NotBeEmpty();

    [Theory, MemberData(nameof(Folders))]
    public void Kustomization_Always_NamesEveryManifest(string folder)
    {
        var resources = File.ReadLines(Path.Combine(s_root, folder, Kustomization)).Single(l => l.StartsWith("resources:", StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.yaml").Select(Path.GetFileName).Where(static f => f != Kustomization)) resources.Should().Contain(file);
    }

    [Fact]
    public void Containers_Always_RunWithoutPrivilegesAndCanBeProbed()
    {
        var pods = Manifests().SelectMany(m => Load(m)).Select(o => o switch
        {
            V1Deployment d => d.Spec.Template.Spec,
            V1StatefulSet s => s.Spec.Template.Spec,
            _ => null,
        }).OfType<V1PodSpec>().ToList();

        pods.Should().HaveCount(5);
        foreach (var pod in pods)
        {
            pod.SecurityContext.RunAsNonRoot.Should().BeTrue();
            foreach (var container in pod.Containers)
            {
                container.SecurityContext.AllowPrivilegeEscalation.Should().BeFalse();
                container.ReadinessProbe.Should().NotBeNull();
            }
        }
    }

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(s_root, file)), strict: true);
}
