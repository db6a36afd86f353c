using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Dpvr.Hosting.Telemetry;

/// <summary>Serves <c>/metrics</c> in Prometheus' text format on a port of its own. No key: it says nothing about pictures, and by default only this machine reaches it.</summary>
public sealed partial class MetricsServer(TelemetryOptions options, CollectorRegistry registry, ILogger<MetricsServer> logger) : IHostedService, IAsyncDisposable
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private WebApplication? _web;

    /// <summary>Where it listens, once it does.</summary>
    public Uri? Address { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Listen is not { } listen) return;
        try
        {
            await ListenAsync(listen, cancellationToken);
        }
        catch (IOException) when (options.MayMove)
        {
            await _web!.DisposeAsync();
            await ListenAsync(new IPEndPoint(listen.Address, 0), cancellationToken);
        }
        Address = new Uri(new Uri(_web!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "metrics");
        LogListening(logger, Address);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _web?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null) await _web.DisposeAsync();
    }

    private async Task ListenAsync(IPEndPoint listen, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen);
        });
        _web = builder.Build();
        _web.Run(AnswerAsync);
        await _web.StartAsync(cancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/metrics")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = ContentType;
        await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }

    [LoggerMessage(1701, LogLevel.Information, "Metrics at {Address}")]
    private static partial void LogListening(ILogger logger, Uri address);
}
