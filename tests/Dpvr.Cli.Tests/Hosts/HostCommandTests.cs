namespace Dpvr.Cli.Tests.Hosts;

/// <summary>What the hosts' commands refuse before anything starts: each refusal names the option, the value and what is allowed.</summary>
public sealed class HostCommandTests
{
    private static readonly string[] s_where = ["--cluster", "redis://127.0.0.1:1", "--store", "/nowhere"];

    [Theory]
    [InlineData("silo", "--listen", "10.1.2.3", "--trust-network")]
    [InlineData("silo", "--listen", "0.0.0.0", "one IP address")]
    [InlineData("silo", "--listen", "here", "'here'")]
    [InlineData("silo", "--silo-port", "70000", "65535")]
    [InlineData("silo", "--health", "8081", "127.0.0.1:8081")]
    [InlineData("silo", "--log", "xml", "text, json")]
    [InlineData("silo", "--metrics", "9464", "127.0.0.1:9464")]
    [InlineData("worker", "--metrics", "0.0.0.0:9464", "--metrics-open")]
    [InlineData("worker", "--otlp", "collector:4318", "http://127.0.0.1:4318")]
    [InlineData("worker", "--devices", "0,0", "different numbers")]
    [InlineData("worker", "--devices", "gpu", "'gpu'")]
    [InlineData("worker", "--models", "/no/such/folder", "/no/such/folder")]
    [InlineData("worker", "--device", "tpu", "'tpu'")]
    [InlineData("silo", "--cluster", "zoo://host", "zoo")]
    public async Task Hosts_WithABadOption_RefuseItByName(string host, string option, string value, string named)
    {
        string[] where = option == "--cluster" ? [.. s_where[2..]] : s_where;

        var end = await CommandLine.RunAsync([host, .. where, option, value]);

        end.Code.Should().Be(ExitCode.Usage, end.Error);
        end.Error.Should().Contain(option).And.Contain(named);
    }

    [Theory, InlineData("silo"), InlineData("worker")]
    public async Task Hosts_WhenTheMembershipStoreDoesNotAnswer_SayWhich(string host)
    {
        using var store = new TempFolder();

        var end = await CommandLine.RunAsync(host, "--cluster", $"redis://me:hunter2@127.0.0.1:{TestKit.Servers.FreePort.Next()}", "--store", store.Path, "--health", "off");

        end.Code.Should().Be(ExitCode.JobFailed);
        end.Error.Should().Contain("the membership store redis://127.0.0.1:").And.NotContain("hunter2");
    }

    [Fact]
    public async Task Devices_OfThisMachine_NameTheCpuWithItsMemory()
    {
        var end = await CommandLine.RunAsync("devices", "--json");

        end.Code.Should().Be(ExitCode.Ok);
        var cpu = System.Text.Json.JsonDocument.Parse(end.Out).RootElement[0];
        cpu.GetProperty("name").GetString().Should().Be("cpu");
        cpu.GetProperty("memory").GetInt64().Should().BeGreaterThan(1 << 28);
        cpu.GetProperty("free").GetInt64().Should().BeInRange(1, cpu.GetProperty("memory").GetInt64() * 2);
    }

    [Fact]
    public async Task Health_WhenNobodyListens_FailsAndSaysWhere()
    {
        var address = $"127.0.0.1:{TestKit.Servers.FreePort.Next()}";

        var end = await CommandLine.RunAsync("health", address);

        (end.Code, end.Error).Should().Be((ExitCode.JobFailed, $"dpvr: nobody answers at {address}.\n"));
    }
}
