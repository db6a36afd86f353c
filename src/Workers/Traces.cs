using System.Diagnostics;
using Dpvr.Contracts.Shards;

namespace Dpvr.Workers;

/// <summary>
/// The way of a shard and of each picture in it: <c>shard</c> (lease to report) holds <c>image</c>s, each with <c>fetch</c>, <c>decode</c> and for each
/// prompt <c>queue</c>, <c>prefill</c> and <c>generate</c>; and one <c>commit</c>. Costs nothing while nobody listens.
/// </summary>
internal static class Traces
{
    /// <summary>The source's name.</summary>
    public const string Name = "Dpvr";

    private static readonly ActivitySource s_source = new(Name);

    public static Activity? Shard(Lease lease) => Begin("shard", default)?.SetTag("dpvr.job", lease.Job.Value).SetTag("dpvr.shard", lease.Shard.ToString()).SetTag("dpvr.attempt", lease.Attempt);

    /// <summary>A span below another one, which may be null: then there is none.</summary>
    public static Activity? Below(Activity? parent, string name) => parent is null ? null : Begin(name, parent.Context);

    /// <summary>A span that is over already.</summary>
    public static void Past(Activity? parent, string name, DateTime end, TimeSpan took)
    {
        if (parent is null) return;
        using var span = Begin(name, parent.Context, end - took);
        span?.SetEndTime(end);
    }

    // Never the current one of its thread: stages hand pictures over, and what else runs there is not a part of it.
    private static Activity? Begin(string name, ActivityContext parent, DateTimeOffset start = default)
    {
        var before = Activity.Current;
        Activity.Current = null;
        try
        {
            return s_source.StartActivity(name, ActivityKind.Internal, parent, startTime: start);
        }
        finally
        {
            Activity.Current = before;
        }
    }
}
