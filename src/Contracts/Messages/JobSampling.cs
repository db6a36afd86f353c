using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>How tokens are chosen.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobSampling
{
    /// <summary>Longest answer in tokens, 1 to 2048. Default: 64.</summary>
    [JsonPropertyName("max_new_tokens")] public int? MaxNewTokens { get; init; }

    /// <summary>0 takes the likeliest token each time; 0 to 10. Default: 0.</summary>
    [JsonPropertyName("temperature")] public double? Temperature { get; init; }

    /// <summary>Among the k likeliest tokens; 0 is all. Default: 0.</summary>
    [JsonPropertyName("top_k")] public int? TopK { get; init; }

    /// <summary>Among the likeliest tokens that have this share together; above 0, to 1. Default: 1.</summary>
    [JsonPropertyName("top_p")] public double? TopP { get; init; }

    /// <summary>Seed of the random choice. Default: 0.</summary>
    [JsonPropertyName("seed")] public long? Seed { get; init; }

    /// <summary>Texts that end an answer; at most 4. Default: none.</summary>
    [JsonPropertyName("stop")] public IReadOnlyList<string>? Stop { get; init; }
}
