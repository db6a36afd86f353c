using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Shards;

/// <summary>How an attempt ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptOutcome>))]
public enum AttemptOutcome
{
    /// <summary>Still open, or its end was never reported.</summary>
    [JsonStringEnumMemberName("open")] Open,

    /// <summary>Its records are the shard's.</summary>
    [JsonStringEnumMemberName("committed")] Committed,

    /// <summary>Another attempt had committed before; this one's data is garbage.</summary>
    [JsonStringEnumMemberName("stale")] Stale,

    /// <summary>The worker could not finish the shard as a whole. Counts against the maximum.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>No heartbeat in time. Counts against the maximum.</summary>
    [JsonStringEnumMemberName("expired")] Expired,

    /// <summary>Given back by a worker that drains. Does not count.</summary>
    [JsonStringEnumMemberName("released")] Released,

    /// <summary>The process that held it ended with its coordinator (kill, power). Counted apart, with a higher limit, since a user's kill accuses nobody.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,

    /// <summary>The coordinator wrote error records after the last attempt.</summary>
    [JsonStringEnumMemberName("gave_up")] GaveUp,
}
