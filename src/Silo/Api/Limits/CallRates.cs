using System.Globalization;
using System.Threading.RateLimiting;
using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Dpvr.Silo.Api.Limits;

/// <summary>Calls a second of one key; callers without a valid one are counted by their address, and get a tenth. Calls that hold memory while they last are counted too.</summary>
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
            var known = context.User.Identity is { IsAuthenticated: true };
            var caller = known ? Caller.IdOf(context.User) : $"at {context.Connection.RemoteIpAddress}";
            var rate = known ? options.RequestsPerSecond : Math.Max(1, options.RequestsPerSecond / 10);
            return RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 2 * rate, TokensPerPeriod = Math.Max(1, rate / 10), ReplenishmentPeriod = TimeSpan.FromSeconds(rate >= 10 ? 0.1 : 1.0 / rate), QueueLimit = 0,
            });
        });
        limiter.AddConcurrencyLimiter(Chats, chats => chats.PermitLimit = options.MostChats);
        limiter.AddConcurrencyLimiter(Streams, streams => streams.PermitLimit = options.MostStreams);
        limiter.OnRejected = static (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, Math.Ceiling(after.TotalSeconds)) : 1;
            context.HttpContext.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
    }
}
