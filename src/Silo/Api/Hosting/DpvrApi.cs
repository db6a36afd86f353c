using Dpvr.Data.Blobs;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api.Auth;
using Dpvr.Silo.Api.Telemetry;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Dpvr.Silo.Api.Hosting;

/// <summary>Puts the HTTP API into a host with a silo.</summary>
public static class DpvrApi
{
    /// <summary>Adds it. The host brings a store, a silo and a <see cref="Models.IModelCatalog"/>.</summary>
    public static IServiceCollection AddDpvrApi(this IServiceCollection services, Action<ApiOptions> configure, Action<AuthOptions>? auth = null)
    {
        services.AddOptions<ApiOptions>().Configure(configure).ValidateOnStart();
        services.AddOptions<AuthOptions>().Configure(options => auth?.Invoke(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>());
        services.TryAddSingleton(static provider => new SourceRoots(provider.GetRequiredService<IOptions<ApiOptions>>().Value.Roots));
        services.TryAddSingleton<JobRequestReader>();
        services.TryAddSingleton<IChatEngine, JobChat>(); // a host with an engine of its own brings a quicker one
        services.TryAddSingleton<IApiKeyStore>(static provider => new BlobApiKeyStore(provider.GetRequiredService<IBlobStore>()));
        services.TryAddSingleton(static _ => Metrics.NewCustomRegistry());
        services.TryAddSingleton<CallInstruments>();
        services.AddSingleton<ApiServer>();
        return services.AddHostedService(static provider => provider.GetRequiredService<ApiServer>());
    }
}
