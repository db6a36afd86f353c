using Dpvr.Data.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Dpvr.Data.Urls;

/// <summary>Registers what fetches pictures by their URLs.</summary>
public static class UrlServices
{
    /// <summary>Adds it, with hosts that are allowed although they are not public.</summary>
    public static IServiceCollection AddDpvrPictureUrls(this IServiceCollection services, Action<PictureUrlOptions>? configure = null)
    {
        var options = services.AddOptions<PictureUrlOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PictureUrlOptions>, PictureUrlOptionsValidator>());
        services.TryAddSingleton<IPictureUrls>(static provider => new UrlFetcher(provider.GetRequiredService<IOptions<PictureUrlOptions>>(), provider.GetService<TimeProvider>(), provider.GetService<IHostResolver>()));
        return services;
    }
}
