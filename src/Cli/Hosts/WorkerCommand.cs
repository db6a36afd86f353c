using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Runtime;

namespace Dpvr.Cli.Hosts;

/// <summary><c>dpvr worker</c>: pulls shards from a cluster and computes them, one process for each device.</summary>
internal static class WorkerCommand
{
    private static readonly string[] Dtypes = [.. DeviceChoice.Dtypes];

    public static Command Create(SystemConsole console)
    {
        var cluster = new ClusterOptionSet();
        var host = new HostOptionSet(healthPort: 8082, metricsPort: 9465);
        var devices = new Option<string?>("--devices") { HelpName = "all|0,1,…", Description = "CUDA devices, each with a process of its own that is started again when it dies. Default: one process, --device." };
        var device = new Option<string?>("--device") { HelpName = "cpu|cuda|cuda:N", Description = "Where to compute. Default: cuda where there is one, else cpu." };
        var dtype = CheckedOption.OneOf("--dtype", Dtypes, "Precision of the weights; int8 needs a CPU with AVX-512 VNNI. Default: float32 on a CPU, bfloat16 on CUDA.");
        var threads = CheckedOption.Number("--threads", Environment.ProcessorCount, 1, 1024, "CPU threads for decoding pictures and for computing.");
        var models = new Option<string[]>("--models") { HelpName = "folder", Description = "Folder with models' folders, for jobs whose model lies elsewhere on this machine; may be given several times. Default: the models that ship with dpvr.", AllowMultipleArgumentsPerToken = false };
        var allowHost = AllowHostOption.Create();
        var name = new Option<string?>("--name") { HelpName = "name", Description = "The worker's name in leases and logs. Default: machine name and process id." };
        var command = new ExampleCommand("worker", "Run a worker of a cluster: it pulls shards, computes them and writes results. Workers join and leave at any time.")
        {
            Examples =
            [
                new("dpvr worker --cluster redis://localhost --store /shared/dpvr", "on a CPU, or the first GPU"),
                new("dpvr worker --cluster redis://redis:6379 --store azblob://captions --devices all --models /models", "one engine for every GPU of the machine"),
            ],
        };
        cluster.AddTo(command);
        foreach (var option in (Option[])[devices, device, dtype, threads, models, allowHost, name]) command.Add(option);
        host.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var settings = new WorkerSettings
            {
                Cluster = cluster.Read(result),
                Store = cluster.Store(result),
                Devices = DeviceList.Parse(result.GetValue(devices), result.GetValue(device)),
                Device = result.GetValue(device) ?? "auto",
                Dtype = result.GetValue(dtype) ?? "auto",
                Threads = result.GetValue(threads),
                Models = [.. (result.GetValue(models) ?? []).Select(Path.GetFullPath)],
                AllowedHosts = result.GetValue(allowHost) ?? [],
                Name = result.GetValue(name) ?? $"{Environment.MachineName}-{Environment.ProcessId}",
                Health = host.Health(result),
                Telemetry = host.Telemetry(result),
                Log = host.Log(result),
            };
            if (settings.Models.FirstOrDefault(m => !Directory.Exists(m)) is { } missing) throw new UsageException($"--models: '{missing}' does not exist; allowed: a folder with models' folders.");
            if (settings.Devices.Count > 0) return (int)await WorkerSupervisor.RunAsync(settings, result, console, cancellationToken);
            return (int)await HostRun.ExecuteAsync(await WorkerHost.BuildAsync(settings, cancellationToken), "worker", console, cancellationToken);
        });
        return command;
    }
}
