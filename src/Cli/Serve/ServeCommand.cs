using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Hosts;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Data.Blobs;
using Dpvr.Model.Runtime;
using Dpvr.Silo.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Cli.Serve;

/// <summary><c>dpvr serve</c>: the HTTP API with everything behind it, in one process.</summary>
internal static class ServeCommand
{
    private static readonly string[] Dtypes = [.. DeviceChoice.Dtypes];

    public static Command Create(SystemConsole console)
    {
        var api = new ApiOptionSet("127.0.0.1:8080");
        var bus = new BusOptionSet();
        var host = new HostOptionSet(healthPort: 8081, metricsPort: 9464);
        var store = new Option<string>("--store", "-s") { HelpName = "location", DefaultValueFactory = _ => "dpvr-data", Description = "Where jobs, files and results lie. Default: ./dpvr-data." };
        var device = new Option<string?>("--device") { HelpName = "cpu|cuda|cuda:N", Description = "Where to compute. Default: cuda where there is one, else cpu." };
        var dtype = CheckedOption.OneOf("--dtype", Dtypes, "Precision of the weights; int8 needs a CPU with AVX-512 VNNI. Default: float32 on a CPU, bfloat16 on CUDA.");
        var threads = CheckedOption.Number("--threads", Environment.ProcessorCount, 1, 1024, "CPU threads for decoding pictures and for computing.");
        var command = new ExampleCommand("serve", "Serve jobs, OpenAI-compatible batches and chat over HTTP, in one process with nothing to install.")
        {
            GoesOn = true,
            Examples =
            [
                new("dpvr serve --roots photos=/data/photos", "on http://127.0.0.1:8080, for this machine alone, without keys"),
                new("curl -s localhost:8080/api/jobs -H 'Content-Type: application/json' -d '{\"source\":{\"root\":\"photos\"}}'", "a caption for every picture below that root"),
                new("dpvr keys create --name me --scope submit --store dpvr-data", "a key; with one made, every call needs one"),
                new("dpvr serve --http 0.0.0.0:8080", "for others too: refused while there is no key"),
            ],
        };
        api.AddTo(command);
        bus.AddTo(command);
        foreach (var option in (Option[])[store, device, dtype, threads]) command.Add(option);
        host.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var location = result.GetRequiredValue(store);
            await api.CheckExposureAsync(result, location, cancellationToken);
            var folder = BlobLocation.Parse(location).Folder;
            using var held = folder is null ? null : OutputLock.TryAcquire(folder) ?? throw new UsageException($"--store: another dpvr is at work on '{folder}'; stop it, or name another folder.");
            var settings = new ServeSettings
            {
                Store = location,
                Models = api.Models(result),
                Api = api.Api(result),
                Auth = api.Auth(result),
                AllowedHosts = api.AllowedHosts(result),
                Device = result.GetValue(device) ?? "auto",
                Dtype = result.GetValue(dtype) ?? "auto",
                Threads = result.GetValue(threads),
                Broker = bus.Broker(result),
                Bus = bus.Options(result),
                Health = host.Health(result),
                Telemetry = host.Telemetry(result),
                Log = host.Log(result),
            };
            var serve = ServeHost.Build(settings);
            return (int)await HostRun.ExecuteAsync(serve, () => $"{serve.Services.GetRequiredService<ApiServer>().Address?.ToString().TrimEnd('/')} is", console, cancellationToken);
        });
        return command;
    }
}
