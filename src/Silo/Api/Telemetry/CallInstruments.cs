using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Prometheus;

namespace Dpvr.Silo.Api.Telemetry;

/// <summary>Calls of the HTTP API, by the address' pattern: never by what a caller wrote.</summary>
public sealed class CallInstruments
{
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    private readonly Counter _calls;
    private readonly Histogram _seconds;

    /// <param name="registry">The host's metrics.</param>
    public CallInstruments(CollectorRegistry registry)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        _calls = metrics.CreateCounter("dpvr_http_requests_total", "Calls of the HTTP API, by method, route and status code. 5xx grow: see the log; 401 or 403: a caller without its key; 429: a caller over its rate or jobs.", ["method", "route", "code"]);
        _seconds = metrics.CreateHistogram("dpvr_http_request_duration_seconds", "Time of a call of the HTTP API; a stream of events or of an answer counts to its end.",
            new HistogramConfiguration { LabelNames = ["method", "route"], Buckets = Histogram.ExponentialBuckets(0.002, 3, 10) });
    }

    /// <summary>Measures one call and what comes after it on the way.</summary>
    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var method = Array.IndexOf(s_methods, context.Request.Method) >= 0 ? context.Request.Method : "other";
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            _calls.WithLabels(method, route, $"{context.Response.StatusCode}").Inc();
            _seconds.WithLabels(method, route).Observe(TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        }
    }
}
