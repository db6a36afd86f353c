using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Where a job stands that came by a message: event when that has changed, and answer to <see cref="CancelJob"/>, <see cref="PauseJob"/> and <see cref="ResumeJob"/>.</summary>
public sealed record JobProgressed
{
    /// <summary>The job's id.</summary>
    [JsonPropertyName("job")] public required string Job { get; init; }

    /// <summary>The sender's.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>In the words of the OpenAI Batch API.</summary>
    [JsonPropertyName("status")] public required string Status { get; init; }

    /// <summary>True when no new work is given out until someone resumes it.</summary>
    [JsonPropertyName("paused")] public bool Paused { get; init; }

    /// <summary>Pictures; while it is validating: found so far.</summary>
    [JsonPropertyName("images")] public long Images { get; init; }

    /// <summary>Pictures that are done.</summary>
    [JsonPropertyName("images_done")] public long ImagesDone { get; init; }

    /// <summary>Requests (picture × prompt) with an answer.</summary>
    [JsonPropertyName("succeeded")] public long Succeeded { get; init; }

    /// <summary>Requests with an error.</summary>
    [JsonPropertyName("failed")] public long Failed { get; init; }

    /// <summary>Why it is paused when nobody asked for that.</summary>
    [JsonPropertyName("error")] public MessageError? Error { get; init; }
}
