using Dpvr.Data.Identity;
using Dpvr.Data.Jobs;
using Dpvr.Data.Telemetry;
using Dpvr.Data.Urls;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Pipeline;
using Dpvr.Workers.Shards;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Dpvr.Workers;

/// <summary>Adds a worker to a host.</summary>
public static class WorkerHosting
{
    /// <summary>
    /// Adds a worker that pulls shards until the host stops. The host brings an <see cref="IEngineFactory"/>, a <see cref="JobStore"/>,
    /// Orleans' grain factory and, if answers are to be reused, an <see cref="IResultCache"/>.
    /// </summary>
    public static IServiceCollection AddDpvrWorker(this IServiceCollection services, Action<WorkerOptions>? configure = null) =>
        services.AddOptionsOfWorker(configure).AddEngine().AddStages().AddHostedService<Worker>().AddHostedService<WorkerReporter>();

    /// <summary>
    /// Takes no more shards, gives the oldest one in hand <see cref="WorkerOptions.DrainTime"/> to finish and the others back. The host
    /// does the same when it stops; called before that, the coordinator is still there to be asked what was done.
    /// </summary>
    public static async Task DrainDpvrWorkerAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var worker in services.GetServices<IHostedService>().OfType<Worker>()) await worker.StopAsync(cancellationToken);
    }

    private static IServiceCollection AddOptionsOfWorker(this IServiceCollection services, Action<WorkerOptions>? configure)
    {
        var options = services.AddOptions<WorkerOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        return services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
    }

    private static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static _ => Metrics.NewCustomRegistry());
        services.TryAddSingleton<EngineInstruments>();
        return services.AddSingleton<PipelineGauge>().AddSingleton<WorkerStatus>().AddSingleton<WorkerInstruments>()
            .AddSingleton(static provider => new EngineHost(provider.GetRequiredService<IEngineFactory>(), provider.GetRequiredService<PipelineGauge>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<EngineInstruments>()));
    }

    private static IServiceCollection AddStages(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new ShardCommitter(provider.GetRequiredService<JobStore>(), provider.GetService<IResultCache>(), provider.GetService<CommitInstruments>()));
        return services.AddDpvrPictureUrls().AddSingleton<AnswerStage>().AddSingleton<PicturePipeline>().AddSingleton<ShardRunner>();
    }
}
