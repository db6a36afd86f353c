using k8s;
using k8s.Models;

namespace Dpvr.Hosting.Tests.Deploy;

/// <summary>The manifests as the API server would read them: unknown fields and wrong types are refused.</summary>
public sealed class KubernetesTests
{
    private static readonly string s_deploy = Path.Combine(Repository.Root, "deploy");

    public static TheoryData<string> Manifests() => [.. ((string[])["kubernetes", "kubernetes-rabbitmq"]).SelectMany(f => Directory.EnumerateFiles(Path.Combine(s_deploy, f), "*.yaml")).Select(f => Path.GetRelativePath(s_deploy, f)).Where(f => !f.EndsWith("kustomization.yaml", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Manifests))]
    public void Manifest_ReadStrictly_IsMadeOfKnownFields(string file) => Load(file).Should().NotBeEmpty();

    [Fact]
    public void Kustomization_Always_NamesEveryManifest()
    {
        foreach (var file in Manifests().Select(static m => m.Data))
            File.ReadLines(Path.Combine(s_deploy, Path.GetDirectoryName(file)!, "kustomization.yaml")).Single(static l => l.StartsWith("resources:", StringComparison.Ordinal)).Should().Contain(Path.GetFileName(file));
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

        pods.Should().HaveCount(4);
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

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(s_deploy, file)), strict: true);
}
