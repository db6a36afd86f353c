using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>What is written besides captions.jsonl and errors.jsonl.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobOutputs
{
    /// <summary>A <c>.txt</c> for every picture. Default: false.</summary>
    [JsonPropertyName("sidecars")] public bool? Sidecars { get; init; }
}
