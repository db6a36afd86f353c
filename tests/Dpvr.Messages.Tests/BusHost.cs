using System.Net;
using Dpvr.Cli.Caption;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Serve;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Hosting;
using Dpvr.Silo.Api;
using Dpvr.Silo.Api.Hosting;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Models;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Messages.Tests;

/// <summary><c>dpvr serve</c> in this process with the shipped model, over a folder, taking messages from a broker or from this process.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    private readonly IHost _host;

    private BusHost(IHost host) => _host = host;

    public static string Scenes { get; } = Path.Combine(Repository.Root, "samples", "scenes");

    public IServiceProvider Services => _host.Services;

    public JobStore Store => Services.GetRequiredService<JobStore>();

    public IBusControl Bus => Services.GetRequiredService<IBusControl>();

    public string Address => Services.GetRequiredService<ApiServer>().Address!.ToString();

    /// <param name="store">The folder.</param>
    /// <param name="broker">An address; null: messages stay in this process.</param>
    /// <param name="roots">Folders that jobs may name, beside <c>scenes</c>.</param>
    /// <param name="configure">Further options.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="api">Further options of the API.</param>
    public static async Task<BusHost> StartAsync(string store, string? broker, IReadOnlyDictionary<string, string>? roots = null, Action<BusOptions>? configure = null, int threads = 1, Action<ApiOptions>? api = null)
    {
        var host = ServeHost.Build(new ServeSettings
        {
            Store = store,
            Models = new FolderModels([ShippedModel.Find()]),
            Api = options =>
            {
                (options.Listen, options.MostOpenJobs) = (new IPEndPoint(IPAddress.Loopback, 0), 0x10000);
                options.Roots["scenes"] = Scenes;
                foreach (var (name, path) in roots ?? new Dictionary<string, string>()) options.Roots[name] = path;
                api?.Invoke(options);
            },
            Auth = static _ => { },
            Threads = threads,
            Log = LogFormat.None,
            Broker = broker is null ? null : BusAddress.Parse(broker),
            Bus = options =>
            {
                (options.CountInterval, options.ProgressInterval, options.AdoptInterval) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
                configure?.Invoke(options);
            },
        });
        await host.StartAsync();
        var started = new BusHost(host);
        if (await started.Bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(60)) != BusHealthStatus.Healthy) throw new InvalidOperationException("The bus did not start.");
        return started;
    }

    /// <summary>The same without a worker, and without HTTP: nothing is ever answered. It takes messages when this returns.</summary>
    public static async Task<BusHost> StartIdleAsync(string store, string broker, Action<BusOptions> configure, Action<ApiOptions>? api = null)
    {
        var builder = DpvrHost.CreateBuilder(LogFormat.None);
        builder.Services.AddDpvrStore(store);
        builder.AddDpvrSilo();
        builder.Services.AddSingleton<IModelCatalog>(new FolderModels([ShippedModel.Find()])).AddDpvrApi(api ?? (static _ => { })).AddDpvrMessages(BusAddress.Parse(broker), configure);
        builder.Logging.AddDpvrFilters();
        var host = builder.Build();
        await host.StartAsync();
        await using var sender = await Sender.ConnectAsync(broker);
        foreach (var queue in (string[])[QueueNames.SubmitJob, QueueNames.CaptionImage]) await Until.HasAsync(() => sender.IsTakenAsync(queue), static taken => taken, $"{queue} is taken from");
        return new BusHost(host);
    }

    /// <summary>The jobs whose metadata has this member, with its value.</summary>
    public async Task<List<(JobId Job, string Value)>> JobsAsync(string member)
    {
        var found = new List<(JobId, string)>();
        foreach (var job in await Store.ListJobsAsync())
            if ((await Services.GetRequiredService<JobIntake>().ReadAsync(job))?.Metadata?.GetValueOrDefault(member) is { } value)
                found.Add((job, value));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
