using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dpvr.Hosting.Health;

/// <summary>
/// Answers an orchestrator's probes. <c>/health/live</c>: the process runs (a dependency that is away is no reason to be restarted).
/// <c>/health/ready</c>: 200, also with warnings, or 503 with each check and why it fails. Both say nothing about jobs, and need no key.
/// </summary>
internal sealed class HealthServer(IOptions<HealthOptions> options, HealthCheckService checks) : IHostedService, IAsyncDisposable
{
    private WebApplication? _web;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Listen is not { } listen) return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(listen));
        _web = builder.Build();
        _web.Run(AnswerAsync);
        await _web.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _web?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_web is not null) await _web.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/health/live":
                await context.Response.WriteAsJsonAsync(new HealthAnswer("live", null), HealthJson.Default.HealthAnswer, cancellationToken: context.RequestAborted);
                break;
            case "/health/ready":
                var report = await checks.CheckHealthAsync(context.RequestAborted);
                context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
                await context.Response.WriteAsJsonAsync(HealthAnswer.Of(report), HealthJson.Default.HealthAnswer, cancellationToken: context.RequestAborted);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }
}
