using k8s;
using k8s.Models;

namespace Dpvr.Hosting.Tests.Deploy;

/// <summary>The manifests as the API server would read them: unknown fields and wrong types are refused.</summary>
public sealed class KubernetesTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy", "kubernetes");

    public static TheoryData<string> Manifests() => [.. Directory.EnumerateFiles(s_folder, "*.yaml").Select(f => Path.GetFileName(f)!).Where(f => f != "kustomization.yaml")];

    [Theory, MemberData(nameof(Manifests))]
    public void Manifest_ReadStrictly_IsMadeOfKnownFields(string file) => Load(file).Should().NotBeEmpty();

    [Fact]
    public void Kustomization_Always_NamesEveryManifest()
    {
        var resources = File.ReadLines(Path.Combine(s_folder, "kustomization.yaml")).Single(l => l.StartsWith("resources:", StringComparison.Ordinal));
        foreach (var file in Manifests()) resources.Should().Contain(file);
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

        pods.Should().HaveCount(3);
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

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(s_folder, file)), strict: true);
}
