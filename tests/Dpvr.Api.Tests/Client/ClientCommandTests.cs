using System.Text.Json;
using Dpvr.Cli;
using Dpvr.Cli.Terminal;

namespace Dpvr.Api.Tests.Client;

/// <summary>The command line as a server's client.</summary>
[Collection(OneServer.Name)]
public sealed class ClientCommandTests(OpenServer server)
{
    [Fact]
    public async Task Submit_WithWatch_ShowsTheJobAndFetchesItsResults()
    {
        using var folder = new TempFolder();
        string[] submit = ["submit", "scenes", "--glob", "test-00001*", "-q", "colour=What colour is it?", "--idempotency-key", "cli-1"];

        var run = await RunAsync([.. submit, "--watch", "--json", "--output", folder.Of("out")]);

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        var ended = JsonDocument.Parse(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
        (ended.Text("event"), ended.Text("images_done")).Should().Be(("ended", "10"));
        File.ReadLines(folder.Of("out", "captions.jsonl")).Should().HaveCount(10);

        var id = (await RunAsync(submit)).Out.Trim();
        (await server.Http.GetJsonAsync($"/api/jobs/{id}")).Body.Text("status").Should().Be("completed", "the same key is the job that is done");
        (await RunWithAsync(null, "verify", server.Host.StoreFolder, "--job", id)).Out.Should().Contain("all holds");
        (await RunAsync("status", id)).Out.Should().Contain("completed: 10/10 images");
        (await RunAsync("retry", id)).Out.Should().StartWith(id);
        (await RunAsync("results", id, "--output", folder.Of("again"))).Code.Should().Be(ExitCode.Ok);
        File.ReadAllBytes(folder.Of("again", "captions.jsonl")).Should().Equal(File.ReadAllBytes(folder.Of("out", "captions.jsonl")));
        (await RunAsync("submit", "scenes", "--plan")).Out.Should().StartWith("64 pictures");
        (await RunAsync("delete", id)).Out.Should().Be($"{id}: deleted\n");
        (await RunAsync("status", id)).Code.Should().Be(ExitCode.Usage);
    }

    [Fact]
    public async Task Steer_FromPauseToCancel_SaysWhereTheJobStands()
    {
        var id = (await RunAsync("submit", "scenes", "--max-new-tokens", "40")).Out.Trim();

        JsonDocument.Parse((await RunAsync("pause", id, "--json")).Out).RootElement.Text("paused").Should().Be("True");
        (await RunAsync("resume", id)).Code.Should().Be(ExitCode.Ok);
        (await RunAsync("cancel", id)).Code.Should().Be(ExitCode.Ok);
        (await RunAsync("watch", id, "--output", Path.Combine(Path.GetTempPath(), $"dpvr-test-{id}"))).Code.Should().BeOneOf(ExitCode.Cancelled, ExitCode.Ok);
        Directory.Delete(Path.Combine(Path.GetTempPath(), $"dpvr-test-{id}"), recursive: true);
    }

    [Fact]
    public async Task Commands_ThatAreRefused_SayWhyAndEndWithTheRightCode()
    {
        var unknown = await RunAsync("status", "0000-1");
        (unknown.Code, unknown.Error).Should().Be((ExitCode.Usage, "dpvr: the server refuses: There is no job '0000-1'.\n"));
        var root = await RunAsync("submit", "elsewhere");
        (root.Code, root.Error).Should().Be((ExitCode.Usage, "dpvr: the server refuses: source.root: 'elsewhere' is not allowed; allowed: a root of this server: scenes.\n"));
        var key = await RunAsync("submit", "scenes", "--idempotency-key", "window:1");
        key.Code.Should().Be(ExitCode.Usage);
        key.Error.Should().StartWith("dpvr: the server refuses: idempotency_key: 'window:1' is not allowed; allowed: a key that begins with none of batch:");
        var nobody = await RunWithAsync("http://127.0.0.1:9", "status", "0000-1");
        nobody.Code.Should().Be(ExitCode.JobFailed);
        nobody.Error.Should().StartWith("dpvr: the server http://127.0.0.1:9/ does not answer");
    }

    private Task<(ExitCode Code, string Out, string Error)> RunAsync(params string[] args) => RunWithAsync(server.Host.Address, args);

    private static async Task<(ExitCode Code, string Out, string Error)> RunWithAsync(string? address, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await DpvrCommandLine.RunAsync(address is null ? args : [.. args, "--server", address], new SystemConsole { Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error), IsInteractive = false });
        return (code, output.ToString(), error.ToString());
    }
}
