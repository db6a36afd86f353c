using System.CommandLine;
using System.Net;
using Dpvr.Cli.Hosts;
using Dpvr.Cli.Terminal;
using Dpvr.Hosting.Cluster;

namespace Dpvr.Cli.Tests.Hosts;

public sealed class WorkerSupervisorTests
{
    [Fact]
    public void ArgumentsFor_ADevice_KeepsTheCommandLineButForWhatIsTheProcesssOwn()
    {
        string[] line = ["worker", "--cluster", "redis://host", "--devices", "0,1", "--health=127.0.0.1:9", "--name", "node", "--threads", "3", "--metrics", "127.0.0.1:9500"];
        var command = DpvrCommandLine.CreateRoot(SystemConsole.Open()).Parse(line);
        var settings = new WorkerSettings { Cluster = new DpvrClusterOptions { Address = ClusterAddress.Parse("redis://host") }, Store = "s", Name = "node", Devices = ["cuda:0", "cuda:1"], Telemetry = new() { Listen = new IPEndPoint(IPAddress.Loopback, 9500) }, Health = new IPEndPoint(IPAddress.Loopback, 9) };

        WorkerSupervisor.ArgumentsFor(settings, command, "cuda:1").Should().Equal(
            "worker", "--cluster", "redis://host", "--threads", "3", "--device", "cuda:1", "--name", "node-cuda-1", "--health", "off", "--metrics", "127.0.0.1:9501");
    }

    [Fact]
    public async Task RunAsync_WhenADeviceIsNotThere_EndsWithTheRefusalInsteadOfTryingForEver()
    {
        Assert.SkipUnless(TestKit.Processes.DpvrProcess.Missing is null, TestKit.Processes.DpvrProcess.Missing ?? "");
        using var store = new TempFolder();
        using var worker = TestKit.Processes.DpvrProcess.Start("worker", "--cluster", "redis://127.0.0.1:1", "--store", store.Path, "--devices", "7", "--health", "off");

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var end = await worker.EndAsync(patience.Token);

        end.Code.Should().Be((int)ExitCode.Usage, end.Error);
        end.Error.Should().Contain("--device: 'cuda:7'");
    }
}
