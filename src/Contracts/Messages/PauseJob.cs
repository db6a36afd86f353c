using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Gives out no more work of a job until it is resumed; what runs is finished. Answered by <see cref="JobProgressed"/> or <see cref="JobRejected"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PauseJob
{
    /// <summary>The job's id.</summary>
    [JsonPropertyName("job")] public string? Job { get; init; }

    /// <summary>Comes back in the answer. Default: none.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }
}
