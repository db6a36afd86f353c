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

    /// <summary>What <c>deploy/monitoring/prometheus-kubernetes.yml</c> looks for: the port by its name, the pod by its annotations; and that a policy lets it in.</summary>
    [Fact]
    public void Hosts_Always_ShowTheirMetricsToTheNamespaceThatWatches()
    {
        var all = Manifests().SelectMany(m => Load(m)).ToList();
        var hosts = all.OfType<V1Deployment>().Where(static d => d.Spec.Template.Metadata.Labels["app"] == "dpvr").ToList();

        hosts.Select(static h => h.Metadata.Name).Should().BeEquivalentTo("dpvr-silo", "dpvr-worker", "dpvr-api");
        foreach (var host in hosts)
        {
            var (pod, container) = (host.Spec.Template.Metadata, host.Spec.Template.Spec.Containers.Single());
            var port = container.Ports.Single(static p => p.Name == "metrics").ContainerPort;
            pod.Annotations.Should().Contain("prometheus.io/scrape", "true").And.Contain("prometheus.io/port", $"{port}");
            container.Args.Should().ContainInConsecutiveOrder("--metrics", $"0.0.0.0:{port}", "--metrics-open");
            var policy = all.OfType<V1NetworkPolicy>().Single(p => p.Spec.PodSelector.MatchLabels["app"] == "dpvr" && p.Spec.PodSelector.MatchLabels["role"] == pod.Labels["role"]);
            var rule = policy.Spec.Ingress.Single(static i => i.Ports.Any(static p => p.Port.Value == "metrics"));
            rule.FromProperty.Single().NamespaceSelector.MatchLabels.Should().Contain("kubernetes.io/metadata.name", "monitoring");
        }
    }

    private static List<object> Load(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(s_root, file)), strict: true);
}
