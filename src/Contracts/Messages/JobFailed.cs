using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>A job that came by a message could not be done as a whole. Event; it may come twice.</summary>
public sealed record JobFailed
{
    /// <summary>The job's id.</summary>
    [JsonPropertyName("job")] public required string Job { get; init; }

    /// <summary>The sender's.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>Why.</summary>
    [JsonPropertyName("error")] public required MessageError Error { get; init; }
}
