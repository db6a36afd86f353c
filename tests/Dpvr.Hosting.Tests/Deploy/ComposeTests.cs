using Dpvr.TestKit.Processes;

namespace Dpvr.Hosting.Tests.Deploy;

public sealed class ComposeTests
{
    private static readonly string? s_compose = Programs.Find("docker-compose", "/usr/bin", "/usr/local/bin");

    [Fact]
    public async Task Compose_ReadByDockerCompose_IsValidAndKnowsEveryService()
    {
        Assert.SkipWhen(s_compose is null, "docker-compose is not installed (Debian: apt-get install docker-compose)");
        using var compose = ChildProcess.Start(s_compose!, ["-f", Path.Combine(Repository.Root, "docker-compose.yml"), "config", "--services"]);

        var end = await compose.EndAsync();

        end.Code.Should().Be(0, end.Error);
        end.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().BeEquivalentTo("redis", "azurite", "rabbitmq", "api", "silo", "worker", "dpvr", "prometheus", "grafana");
    }
}
