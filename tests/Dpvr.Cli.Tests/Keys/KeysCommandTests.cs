namespace Dpvr.Cli.Tests.Keys;

public sealed class KeysCommandTests : IDisposable
{
    private readonly TempFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Keys_FromCreateToRevoke_AreShownOnceAndKeptHashed()
    {
        var made = await CommandLine.RunAsync("keys", "create", "--name", "ingest", "--scope", "read", "--days", "30", "--store", _store.Path);

        var key = made.Out.Trim();
        key.Should().StartWith("dpvr_").And.HaveLength("dpvr_".Length + 12 + 1 + 43);
        var (id, secret) = (key.Split('_', 3)[1], key.Split('_', 3)[2]);
        var listed = await CommandLine.RunAsync("keys", "list", "--store", _store.Path);
        listed.Out.Should().Contain(id).And.Contain("ingest").And.Contain("read").And.Contain("until ").And.NotContain(secret);
        Directory.EnumerateFiles(_store.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Should().NotContain(text => text.Contains(secret, StringComparison.Ordinal));

        (await CommandLine.RunAsync("keys", "revoke", id, "--store", _store.Path)).Code.Should().Be(ExitCode.Ok);
        (await CommandLine.RunAsync("keys", "list", "--store", _store.Path)).Out.Should().Contain("revoked ");
    }

    [Theory]
    [InlineData("revoke", "0123456789ab", "0123456789ab")]
    [InlineData("revoke", "../../secret", "../../secret")]
    [InlineData("create", "--scope=root", "read, submit, admin")]
    public async Task Keys_WithSomethingWrong_RefuseItByName(string command, string argument, string named)
    {
        var end = await CommandLine.RunAsync(["keys", command, argument, "--store", _store.Path, .. command == "create" ? (string[])["--name", "x"] : []]);

        (end.Code, end.Error).Should().Match<(ExitCode Code, string Error)>(e => e.Code == ExitCode.Usage && e.Error.Contains(named, StringComparison.Ordinal));
    }
}
