using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dpvr.TestKit.Servers;

/// <summary>A server of pictures on loopback that answers as a test says.</summary>
public sealed class PictureServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private PictureServer(WebApplication app) => _app = app;

    /// <summary>Requests that came.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>What it answers.</summary>
    public Func<HttpContext, Task> OnGet { get; set; } = static context => context.Response.Body.WriteAsync("picture"u8.ToArray()).AsTask();

    /// <summary>The address of a picture.</summary>
    public string Url(string path) => $"http://127.0.0.1:{Port}/{path}";

    /// <summary>Starts one.</summary>
    public static async Task<PictureServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        var server = new PictureServer(builder.Build());
        server._app.Run(context =>
        {
            Interlocked.Increment(ref server._asked);
            return server.OnGet(context);
        });
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
