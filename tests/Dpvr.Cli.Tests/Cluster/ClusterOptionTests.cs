namespace Dpvr.Cli.Tests.Cluster;

public sealed class ClusterOptionTests
{
    [Theory]
    [InlineData("--overwrite", null, "shared with other jobs")]
    [InlineData("--device", "cpu", "its workers know")]
    [InlineData("--dtype", "float16", "its workers know")]
    public async Task Caption_ForAClusterWithAnOptionOfThisProcess_RefusesIt(string option, string? value, string named)
    {
        using var folder = new TempFolder();
        string[] line = ["caption", folder.Path, "--cluster", "redis://127.0.0.1:1", "--store", folder.Of("store"), option, .. value is null ? Array.Empty<string>() : [value]];

        var end = await CommandLine.RunAsync(line);

        end.Code.Should().Be(ExitCode.Usage);
        end.Error.Should().Contain(option).And.Contain(named);
    }

    [Fact]
    public async Task Caption_DetachedWithoutACluster_RefusesIt()
    {
        using var folder = new TempFolder();

        var end = await CommandLine.RunAsync("caption", folder.Path, "--detach");

        (end.Code, end.Error).Should().Be((ExitCode.Usage, "dpvr: --detach is for jobs of a cluster; allowed with --cluster.\n"));
    }

    [Theory]
    [InlineData("Bad Id", "no job id")]
    [InlineData("no-such-job", "--cluster is missing")]
    public async Task Jobs_WithABadJobOrWithoutACluster_SaysSo(string job, string named)
    {
        var end = await CommandLine.RunAsync("jobs", "status", job);

        end.Code.Should().Be(ExitCode.Usage);
        end.Error.Should().Contain(named);
    }
}
