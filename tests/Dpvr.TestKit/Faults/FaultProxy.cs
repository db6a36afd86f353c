using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dpvr.TestKit.Faults;

/// <summary>An HTTP proxy on the loopback address in front of a real server, which delays, refuses, cuts or loses as its rules say. The first rule that fits a request acts on it.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly HashSet<string> s_ofConnection = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Expect" };
    private readonly HttpMessageInvoker _server = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly WebApplication _app;
    private readonly Uri _target;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly List<(FaultRule Rule, int[] Hits)> _rules = [];
    private int _requests;

    private FaultProxy(Uri target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Requests seen so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts one, without rules: it passes everything on.</summary>
    /// <param name="target">The server.</param>
    /// <param name="seed">Of the draws of all rules.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<FaultProxy> StartAsync(Uri target, int seed = 1, CancellationToken cancellationToken = default)
    {
        var proxy = new FaultProxy(target, seed);
        await proxy._app.StartAsync(cancellationToken);
        proxy.Port = new Uri(proxy._app.Urls.Single()).Port;
        return proxy;
    }

    /// <summary>Adds a rule after those there are. Gives a count of how often it acted.</summary>
    public Func<int> Add(FaultRule rule)
    {
        var hits = new int[1];
        lock (_gate) _rules.Add((rule, hits));
        return () => Volatile.Read(ref hits[0]);
    }

    /// <summary>Removes all rules: the fault is healed.</summary>
    public void Clear()
    {
        lock (_gate) _rules.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private FaultRule? RuleFor(HttpRequest request)
    {
        lock (_gate)
            foreach (var (rule, hits) in _rules)
            {
                if (hits[0] >= rule.Times || rule.When?.Invoke(request) == false || (rule.Probability < 1 && _random.NextDouble() >= rule.Probability)) continue;
                hits[0]++;
                return rule;
            }
        return null;
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var rule = RuleFor(context.Request);
        switch (rule?.Kind)
        {
            case FaultKind.Answer:
                context.Response.StatusCode = rule.Status;
                if (rule.RetryAfter is { } wait) context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return;
            case FaultKind.Reset:
                context.Abort();
                return;
            case FaultKind.Hang:
                await GoneAsync(context);
                return;
            default:
                await PassOnAsync(context, rule);
                return;
        }
    }

    private static async Task GoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var _ = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private async Task PassOnAsync(HttpContext context, FaultRule? rule)
    {
        try
        {
            using var request = RequestOf(context.Request);
            using var response = await _server.SendAsync(request, context.RequestAborted);
            if (rule?.Kind == FaultKind.ApplyThenReset)
            {
                context.Abort();
                return;
            }
            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
                if (!s_ofConnection.Contains(name)) context.Response.Headers.Append(name, values.ToArray());
            if (HttpMethods.IsHead(context.Request.Method) || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return;
            await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            if (rule is null) await body.CopyToAsync(context.Response.Body, context.RequestAborted);
            else await TrickleAsync(body, context, rule.Pause);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort(); // The caller went away, or the server did: neither gets more than a cut.
        }
    }

    private HttpRequestMessage RequestOf(HttpRequest from)
    {
        // The raw target, as its bytes were signed.
        var path = from.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(_target.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (from.ContentLength is not null || from.Headers.TransferEncoding.Count > 0) request.Content = new StreamContent(from.Body);
        foreach (var (name, values) in from.Headers)
        {
            if (s_ofConnection.Contains(name)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray())) request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        return request;
    }

    private static async Task TrickleAsync(Stream body, HttpContext context, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        var one = new byte[1];
        while (await body.ReadAsync(one, context.RequestAborted) == 1)
        {
            await context.Response.Body.WriteAsync(one, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await timer.WaitForNextTickAsync(context.RequestAborted);
        }
    }
}
