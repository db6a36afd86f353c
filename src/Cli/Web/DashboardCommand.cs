using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Hosts;
using Dpvr.Cli.Serve;
using Dpvr.Cli.Terminal;
using Dpvr.Silo.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Cli.Web;

/// <summary><c>dpvr dashboard</c>: the web pages, and the API that they stand beside, for a cluster that runs elsewhere.</summary>
internal static class DashboardCommand
{
    public static Command Create(SystemConsole console)
    {
        var cluster = new ClusterOptionSet();
        var host = new HostOptionSet(healthPort: 8083, metricsPort: 9466);
        var api = new ApiOptionSet("127.0.0.1:8080");
        var command = new ExampleCommand("dashboard", "Serve the dashboard, and the HTTP API, of a cluster from a process of its own. 'dpvr serve' and 'dpvr silo --http' serve both themselves.")
        {
            Examples =
            [
                new("dpvr dashboard --cluster redis://localhost --store /shared/dpvr --roots photos=/data/photos", "on http://127.0.0.1:8080, for this machine alone"),
                new("dpvr dashboard --cluster redis://redis:6379 --store azblob://captions --http 0.0.0.0:8080", "for others too: refused while there is no key"),
            ],
        };
        cluster.AddTo(command);
        api.AddTo(command);
        host.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await api.CheckExposureAsync(result, cluster.Store(result), cancellationToken);
            var settings = new SiloSettings
            {
                Cluster = cluster.Read(result),
                Store = cluster.Store(result),
                Models = api.Models(result),
                AllowedHosts = api.AllowedHosts(result),
                Api = api.Api(result),
                Auth = api.Auth(result),
                Health = host.Health(result),
                Telemetry = host.Telemetry(result),
                Log = host.Log(result),
            };
            var built = await DashboardHost.BuildAsync(settings, cancellationToken);
            return (int)await HostRun.ExecuteAsync(built, () => $"{built.Services.GetRequiredService<ApiServer>().Address?.ToString().TrimEnd('/')} is", console, cancellationToken);
        });
        return command;
    }
}
