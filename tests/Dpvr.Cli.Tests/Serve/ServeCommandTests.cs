namespace Dpvr.Cli.Tests.Serve;

/// <summary>What <c>dpvr serve</c> refuses before anything starts; what it serves is tested in <c>Dpvr.Api.Tests</c>.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--http", "8080", "127.0.0.1:8080")]
    [InlineData("--http", "0.0.0.0:0", "dpvr keys create")]
    [InlineData("--roots", "photos", "name=folder")]
    [InlineData("--roots", "photos=/no/such/folder", "/no/such/folder")]
    [InlineData("--model", "/no/such/folder", "/no/such/folder")]
    [InlineData("--jwt-authority", "login", "https://")]
    [InlineData("--jwt-key", "/no/such/file", "/no/such/file")]
    [InlineData("--allow-host", "http://x", "http://x")]
    [InlineData("--rate", "0", "1 to 1000000")]
    public async Task Serve_WithABadOption_RefusesItByName(string option, string value, string named)
    {
        var end = await CommandLine.RunAsync("serve", "--store", _folder.Path, "--health", "off", option, value);

        end.Code.Should().Be(ExitCode.Usage, end.Error);
        end.Error.Should().Contain(option).And.Contain(named);
    }

    [Fact]
    public async Task Serve_WithAKeyOfTokensThatIsTooShort_RefusesIt()
    {
        var end = await CommandLine.RunAsync("serve", "--store", _folder.Of("store"), "--health", "off", "--http", "127.0.0.1:0", "--jwt-key", _folder.File("key", "short"));

        (end.Code, end.Error).Should().Match<(ExitCode Code, string Error)>(e => e.Code == ExitCode.Usage && e.Error.Contains("32 or more", StringComparison.Ordinal));
    }
}
