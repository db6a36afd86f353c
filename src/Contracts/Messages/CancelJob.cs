using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Stops a job for good; its results are put together of what is done. Answered by <see cref="JobProgressed"/> or <see cref="JobRejected"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CancelJob
{
    /// <summary>The job's id.</summary>
    [JsonPropertyName("job")] public string? Job { get; init; }

    /// <summary>Comes back in the answer. Default: none.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }
}
