using Azure;
using Azure.Core;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>
/// The one retry policy: each try has a deadline of its own, a Retry-After is waited for, the waits grow, and the whole is bounded. It stands outside the client library,
/// whose own retries are off, because a body that trickles in must count as a hang, and because whoever retries a conditional write must know that it did.
/// </summary>
internal sealed class AzureCalls(AzureBlobOptions options, TimeProvider time, Func<bool> credentialsExpired)
{
    /// <summary>Runs a request until it succeeds, fails for good, or the patience is used up.</summary>
    /// <param name="what">Names the blob or the act in messages.</param>
    /// <param name="writes">True for a request that changes something.</param>
    /// <param name="request">One try; told whether an earlier one may have been applied.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="BlobStoreException">With the code that its user sees.</exception>
    public async Task<T> RunAsync<T>(string what, bool writes, Func<bool, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            using var deadline = new CancellationTokenSource(options.TryTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            Exception failure;
            try
            {
                return await request(attempt > 1, either.Token);
            }
            catch (Exception e) when (e is not BlobStoreException && !cancellationToken.IsCancellationRequested)
            {
                failure = e;
            }
            var timedOut = deadline.IsCancellationRequested;
            var wait = WaitAfter(attempt, failure as RequestFailedException);
            if (!(timedOut || AzureErrors.IsTransient(failure)) || attempt >= options.Tries || time.GetElapsedTime(begun) + wait >= options.TotalTime)
                throw AzureErrors.Map(failure, what, writes, timedOut ? options.TryTimeout : null, attempt, credentialsExpired());
            await Task.Delay(wait, time, cancellationToken);
            options.OnRetry?.Invoke();
        }
    }

    private TimeSpan WaitAfter(int attempt, RequestFailedException? failure)
    {
        var own = options.FirstWait * Math.Pow(2, Math.Min(attempt - 1, 30));
        if (own > options.LongestWait) own = options.LongestWait;
        own *= 1 + (Random.Shared.NextDouble() / 4);
        var asked = failure?.GetRawResponse() is { } response ? RetryAfter(response.Headers) : TimeSpan.Zero;
        return asked > own ? asked : own;
    }

    // Seconds or a date (RFC 9110, 10.2.3); Azure also sends milliseconds in a header of its own.
    private TimeSpan RetryAfter(ResponseHeaders headers)
    {
        if (headers.TryGetValue("x-ms-retry-after-ms", out var milliseconds) && double.TryParse(milliseconds, System.Globalization.CultureInfo.InvariantCulture, out var ms) && ms is > 0 and < int.MaxValue)
            return TimeSpan.FromMilliseconds(ms);
        if (!headers.TryGetValue("Retry-After", out var text)) return TimeSpan.Zero;
        if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(Math.Max(0, seconds));
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var at) && at > time.GetUtcNow() ? at - time.GetUtcNow() : TimeSpan.Zero;
    }
}
