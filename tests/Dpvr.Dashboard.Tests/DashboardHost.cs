using System.Net;
using Dpvr.Cli.Caption;
using Dpvr.Cli.Serve;
using Dpvr.Data.Blobs;
using Dpvr.Hosting;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api.Auth;
using Dpvr.Silo.Api.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Dashboard.Tests;

/// <summary><c>dpvr serve</c> in this process with the shipped model, over a folder that may outlive it.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly IHost _host;

    private DashboardHost(IHost host) => _host = host;

    public static string Scenes { get; } = Path.Combine(Repository.Root, "samples", "scenes");

    public IServiceProvider Services => _host.Services;

    public Uri Address => Services.GetRequiredService<ApiServer>().Address!;

    /// <param name="folder">Its store.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="roots">Name → folder.</param>
    /// <param name="keys">Makes keys before it starts; null: it is open to this machine.</param>
    public static async Task<DashboardHost> StartAsync(TempFolder folder, int port = 0, IReadOnlyDictionary<string, string>? roots = null, Func<BlobApiKeyStore, Task>? keys = null)
    {
        if (keys is not null) await keys(new BlobApiKeyStore(new FileBlobStore(folder.Of("store"))));
        var host = ServeHost.Build(new ServeSettings
        {
            Store = folder.Of("store"),
            Models = new FolderModels([ShippedModel.Find()]),
            Api = options =>
            {
                options.Listen = new IPEndPoint(IPAddress.Loopback, port);
                foreach (var (name, path) in roots ?? new Dictionary<string, string> { ["scenes"] = Scenes }) options.Roots[name] = path;
            },
            Auth = static _ => { },
            Threads = 1,
            WarmUp = false,
            Log = LogFormat.None,
        });
        await host.StartAsync();
        return new DashboardHost(host);
    }

    public static async Task<string> MakeKeyAsync(BlobApiKeyStore keys, string scope)
    {
        var key = ApiKey.Create();
        await keys.AddAsync(new ApiKeyRecord { Id = key.Id, Sha256 = key.Hash, Name = scope, Scope = scope, Created = DateTimeOffset.UtcNow });
        return key.Reveal();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
