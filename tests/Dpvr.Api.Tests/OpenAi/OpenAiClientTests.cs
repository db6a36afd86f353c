using Dpvr.TestKit.Processes;

namespace Dpvr.Api.Tests.OpenAi;

/// <summary>OpenAI's own client for Node, unchanged (<c>client/run.mjs</c>).</summary>
[Collection(OneServer.Name)]
public sealed class OpenAiClientTests
{
    private static readonly string s_modules = Path.Combine(Repository.Root, "artifacts", "openai");

    [Fact]
    public async Task Client_FromUploadToStreaming_RunsUnchanged()
    {
        Assert.SkipUnless(Programs.Find("node") is not null, "node is not installed");
        Assert.SkipUnless(File.Exists(Path.Combine(s_modules, "installed")), "OpenAI's client is not installed (tests/Dpvr.Api.Tests/OpenAi/client/install.sh installs it)");
        var key = "";
        await using var host = await ApiHost.StartAsync(before: async keys => key = await ApiHost.MakeKeyAsync(keys, "submit"));

        using var node = ChildProcess.Start(Programs.Find("node")!, [Path.Combine(Repository.Root, "tests", "Dpvr.Api.Tests", "OpenAi", "client", "run.mjs"), host.Address, key, ApiHost.Scenes, s_modules]);
        var end = await node.EndAsync(TestContext.Current.CancellationToken);

        end.Out.Should().EndWith("all done\n", end.Error);
        end.Code.Should().Be(0);
    }
}
