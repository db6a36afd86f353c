using Dpvr.Data.Blobs;
using Dpvr.Data.Identity;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Requests;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Data.Telemetry;
using Dpvr.Data.Verification;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;

namespace Dpvr.Data;

/// <summary>Registers blobs and what is built on them.</summary>
public static class DataServices
{
    /// <summary>An output folder as the store of its own jobs.</summary>
    public static IServiceCollection AddDpvrOutputFolder(this IServiceCollection services, string outputFolder) =>
        services.AddDpvrData(_ => new FileBlobStore(outputFolder), JobLayout.Embedded);

    /// <summary>Any store.</summary>
    public static IServiceCollection AddDpvrData(this IServiceCollection services, Func<IServiceProvider, IBlobStore> blobs, JobLayout layout)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static _ => Metrics.NewCustomRegistry());
        services.TryAddSingleton<StoreRetries>();
        services.TryAddSingleton<StoreInstruments>();
        services.TryAddSingleton<CommitInstruments>();
        services.AddSingleton<IBlobStore>(provider => new MeasuredBlobStore(blobs(provider), provider.GetRequiredService<StoreInstruments>()));
        services.AddSingleton(layout);
        services.AddSingleton<JobStore>();
        services.AddSingleton<JobPlanner>();
        services.AddSingleton<JobOutput>();
        services.AddSingleton<OutputVerifier>();
        services.AddSingleton<ResultCache>();
        services.AddSingleton<IResultCache>(static provider => provider.GetRequiredService<ResultCache>());
        services.AddSingleton<EarlierAnswers>();
        services.AddSingleton(static provider => new ShardCommitter(provider.GetRequiredService<JobStore>(), provider.GetService<IResultCache>(), provider.GetRequiredService<CommitInstruments>()));
        services.AddSingleton<PictureDays>();
        services.AddSingleton<BatchConverter>();
        services.AddSingleton<BatchOutput>();
        return services;
    }
}
