using System.Net;
using Dpvr.Contracts.Results;
using Dpvr.Data.Sources;
using Microsoft.Extensions.Options;

namespace Dpvr.Data.Urls;

/// <summary>
/// Fetches pictures from hosts of the public internet and those allowed besides. No proxy, no cookies, no credentials; redirects are followed by hand, each checked like the
/// first; bytes and time are bounded. Answers that pass (429, 5xx, a connection that breaks) are asked for again within the same time.
/// </summary>
public sealed class UrlFetcher : IPictureUrls, IDisposable
{
    private readonly PictureUrlOptions _options;
    private readonly TimeProvider _time;
    private readonly UrlAttempt _attempt;
    private readonly RecentPictures _recent;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _client;

    /// <summary>Makes one; asks nobody yet.</summary>
    /// <param name="options">Bounds, and hosts that are allowed besides.</param>
    /// <param name="time">The clock; the system's when left out.</param>
    /// <param name="resolver">Finds hosts; the system's when left out.</param>
    public UrlFetcher(IOptions<PictureUrlOptions> options, TimeProvider? time = null, IHostResolver? resolver = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options.Value, time ?? TimeProvider.System);
        HostRule[] allowed = [.. _options.AllowedHosts.Select(static text => HostRule.TryParse(text, out var rule) ? rule! : throw new ArgumentException($"'{text}' is no host; allowed: {HostRule.Allowed}.", nameof(options)))];
        var dialer = new CheckedDialer(resolver ?? new SystemHostResolver(), allowed, _options.ConnectTimeout, _time);
        _handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 64,
            // A kept connection goes to the address that was checked when it was made; not for ever.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            // Whoever stops reading half-way closes the connection instead of reading on for nothing.
            MaxResponseDrainSize = 0,
            ConnectCallback = async (context, cancellationToken) => await dialer.DialAsync(context.DnsEndPoint, cancellationToken),
        };
        _client = new HttpMessageInvoker(_handler, disposeHandler: true);
        _recent = new RecentPictures(_time);
        _attempt = new UrlAttempt(_client, _options, _time);
    }

    /// <inheritdoc/>
    public Task<SourceBytes> ReadAsync(string url, CancellationToken cancellationToken = default) =>
        PictureUrl.Check(url, "The picture") is { } refusal
            ? Task.FromResult(SourceBytes.Failed(refusal.Code, refusal.Message))
            : _recent.GetAsync(url, () => FetchAsync(url, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<SourceBytes> FetchAsync(string url, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.TotalTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            for (var tried = 1; ; tried++)
            {
                var answer = await _attempt.RunAsync(new Uri(url), either.Token);
                if (answer.IsFinal || tried == _options.Attempts || answer.Pause > _options.LongestRetryAfter) return answer.Result;
                await Task.Delay(answer.Pause ?? PauseAfter(tried), _time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SourceBytes.Failed(ErrorCodes.FetchTimeout, $"The picture did not come within {_options.TotalTimeout.TotalSeconds:0.###} s.");
        }
    }

    // Three quarters to one and a quarter of it: many pictures of one busy server do not come back all at once.
    private TimeSpan PauseAfter(int tried) => _options.FirstPause * Math.Pow(2, tried - 1) * (0.75 + Random.Shared.NextDouble() / 2);
}
