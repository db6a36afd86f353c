using System.Globalization;
using System.Threading.RateLimiting;
using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Dpvr.Silo.Api.Limits;

/// <summary>Calls a second of one key; callers without a valid one were counted by their address before (<see cref="UnknownCallers"/>). Calls that hold memory while they last are counted too.</summary>
internal static class CallRates
{
    /// <summary>Chats in work: each holds its picture.</summary>
    public const string Chats = "chats";

    /// <summary>Streams of events: each asks for its job again and again.</summary>
    public const string Streams = "streams";

    public static void Configure(RateLimiterOptions limiter, ApiOptions options)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            return context.User.Identity is { IsAuthenticated: true }
                ? RateLimitPartition.GetTokenBucketLimiter(Caller.IdOf(context.User), _ => Bucket(options.RequestsPerSecond))
                : RateLimitPartition.GetNoLimiter("");
        });
        limiter.AddConcurrencyLimiter(Chats, chats => chats.PermitLimit = options.MostChats);
        limiter.AddConcurrencyLimiter(Streams, streams => streams.PermitLimit = options.MostStreams);
        limiter.OnRejected = static (context, _) =>
        {
            SayWhen(context.HttpContext, context.Lease);
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>So many calls a second; twice as many in a burst.</summary>
    public static TokenBucketRateLimiterOptions Bucket(int rate) => new()
    {
        TokenLimit = 2 * rate, TokensPerPeriod = Math.Max(1, rate / 10), ReplenishmentPeriod = TimeSpan.FromSeconds(rate >= 10 ? 0.1 : 1.0 / rate), QueueLimit = 0,
    };

    /// <summary>Tells whoever was refused when to come again.</summary>
    public static void SayWhen(HttpContext context, RateLimitLease refused)
    {
        var wait = refused.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, Math.Ceiling(after.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
    }
}
