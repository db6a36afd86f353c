using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>A job is durable: it is done whatever dies now. Answer to its sender, and event.</summary>
public sealed record JobAccepted
{
    /// <summary>The job's id.</summary>
    [JsonPropertyName("job")] public required string Job { get; init; }

    /// <summary>The sender's.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>False: its idempotency key had come before, and this is the job of then.</summary>
    [JsonPropertyName("is_new")] public bool IsNew { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("status")] public string Status { get; init; } = "";
}
