using System.Net;
using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Api.Hosting;

/// <summary>The HTTP API of a host: starts after the silo, refuses to start where it would be open to others, stops before the silo.</summary>
public sealed partial class ApiServer : IHostedLifecycleService, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly ApiOptions _options;
    private readonly ILogger<ApiServer> _logger;
    private WebApplication? _web;
    private bool _open;

    /// <summary>Made by the host.</summary>
    public ApiServer(IServiceProvider services, IOptions<ApiOptions> options, ILogger<ApiServer> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_services, _options, _logger) = (services, options.Value, logger);
    }

    /// <summary>Where it listens, once it does.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Before anything of the host starts: where it must not be served, there is nothing to stop again.</summary>
    /// <exception cref="ExposedException">Others would reach it without a key.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_options.Listen is not { } listen) return;
        var auth = _services.GetRequiredService<IOptions<AuthOptions>>().Value;
        _open = await Exposure.IsOpenAsync(listen, _services.GetRequiredService<IApiKeyStore>(), auth, TimeProvider.System.GetUtcNow(), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Listen is not { } listen) return;
        _web = ApiApp.Build(_services, _options, listen, _open);
        await _web.StartAsync(cancellationToken);
        var address = new Uri(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Address = address;
        LogListening(_logger, address, _open ? "without keys, to this machine alone" : "with keys");
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _web?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null) await _web.DisposeAsync();
    }

    [LoggerMessage(1602, LogLevel.Information, "The API listens at {Address}, {How}")]
    private static partial void LogListening(ILogger logger, Uri address, string how);
}
