using System.Net;
using Dpvr.Cli.Caption;
using Dpvr.Cli.Serve;
using Dpvr.Data.Blobs;
using Dpvr.Hosting;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api;
using Dpvr.Silo.Api.Auth;
using Dpvr.Silo.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Api.Tests;

/// <summary><c>dpvr serve</c> in this process: Kestrel on a free port, a silo, a worker and the shipped model, over a folder of its own.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly IHost _host;

    private readonly bool _ownsFolder;

    private ApiHost(TempFolder folder, bool ownsFolder, IHost host) => (_folder, _ownsFolder, _host) = (folder, ownsFolder, host);

    public static string Scenes { get; } = Path.Combine(Repository.Root, "samples", "scenes");

    /// <summary>Its address, without '/' at the end.</summary>
    public string Address => Services.GetRequiredService<ApiServer>().Address!.ToString().TrimEnd('/');

    public string StoreFolder => _folder.Of("store");

    public IServiceProvider Services => _host.Services;

    public BlobApiKeyStore Keys => new(Services.GetRequiredService<IBlobStore>());

    /// <summary>A client that sends a key, or none.</summary>
    public HttpClient Client(string? key = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(5) };
        if (key is not null) client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    public static Task<ApiHost> StartAsync(Action<ApiOptions>? configure = null, Action<AuthOptions>? auth = null, Func<BlobApiKeyStore, Task>? before = null, IPAddress? listen = null) =>
        StartAsync(new TempFolder(), true, configure, auth, before, listen, TimeProvider.System);

    /// <summary>Over a folder that outlives it.</summary>
    public static Task<ApiHost> StartAsync(TempFolder folder, TimeProvider? time = null) => StartAsync(folder, false, null, null, null, null, time ?? TimeProvider.System);

    private static async Task<ApiHost> StartAsync(
        TempFolder folder, bool ownsFolder, Action<ApiOptions>? configure, Action<AuthOptions>? auth, Func<BlobApiKeyStore, Task>? before, IPAddress? listen, TimeProvider time)
    {
        try
        {
            if (before is not null) await before(new BlobApiKeyStore(new FileBlobStore(folder.Of("store"))));
            var host = ServeHost.Build(new ServeSettings
            {
                Store = folder.Of("store"),
                Models = new FolderModels([ShippedModel.Find()]),
                Api = options =>
                {
                    options.Listen = new IPEndPoint(listen ?? IPAddress.Loopback, 0);
                    options.Roots["scenes"] = Scenes;
                    options.EventInterval = TimeSpan.FromMilliseconds(50);
                    configure?.Invoke(options);
                },
                Auth = options => auth?.Invoke(options),
                Threads = 1,
                WarmUp = false, // many tests compute nothing
                Time = time,
                Log = LogFormat.None,
            });
            await host.StartAsync();
            return new ApiHost(folder, ownsFolder, host);
        }
        catch
        {
            if (ownsFolder) folder.Dispose();
            throw;
        }
    }

    /// <summary>A new key, and the record that a store keeps of it.</summary>
    public static async Task<string> MakeKeyAsync(BlobApiKeyStore keys, string scope, DateTimeOffset? expires = null)
    {
        var key = ApiKey.Create();
        await keys.AddAsync(new ApiKeyRecord { Id = key.Id, Sha256 = key.Hash, Name = scope, Scope = scope, Created = DateTimeOffset.UtcNow, Expires = expires });
        return key.Reveal();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        if (_ownsFolder) _folder.Dispose();
    }
}
