using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>A prompt or question.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobPrompt
{
    /// <summary>Stands in every result. Default: <c>caption</c> for the first, <c>q2</c>, <c>q3</c>, … for others.</summary>
    [JsonPropertyName("name")] public string? Name { get; init; }

    /// <summary>What the model is asked.</summary>
    [JsonPropertyName("text")] public string? Text { get; init; }
}
