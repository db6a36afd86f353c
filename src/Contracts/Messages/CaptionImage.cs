using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Asks one question about one picture, which comes as exactly one of <see cref="Url"/>, <see cref="Blob"/> and <see cref="Data"/>. Answered by <see cref="ImageCaptioned"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CaptionImage
{
    /// <summary>Characters of <see cref="Data"/> at most: base64 of 256 KiB.</summary>
    public const int LongestData = ((256 << 10) + 2) / 3 * 4;

    /// <summary>Comes back in the answer, which may come twice: whoever must not count one twice gives different ones. At most 512 characters. Default: none.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>The picture at an http or https address.</summary>
    [JsonPropertyName("url")] public string? Url { get; init; }

    /// <summary>The picture's key in the cluster's store, which begins with <c>pictures/</c> (claim check).</summary>
    [JsonPropertyName("blob")] public string? Blob { get; init; }

    /// <summary>The picture's file in base64, at most 256 KiB of it.</summary>
    [JsonPropertyName("data")] public string? Data { get; init; }

    /// <summary>What is asked. Default: "Describe the image."</summary>
    [JsonPropertyName("prompt")] public string? Prompt { get; init; }

    /// <summary>A model's name. Default: the silo's first.</summary>
    [JsonPropertyName("model")] public string? Model { get; init; }

    /// <summary><c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>. Default: dpvr-lf where the model has a side branch, else dense.</summary>
    [JsonPropertyName("routing")] public string? Routing { get; init; }

    /// <summary>Longest answer in tokens, 1 to 2048. Default: 64.</summary>
    [JsonPropertyName("max_tokens")] public int? MaxTokens { get; init; }

    /// <summary>0 takes the likeliest token each time; 0 to 10. Default: 0.</summary>
    [JsonPropertyName("temperature")] public double? Temperature { get; init; }

    /// <summary>Among the likeliest tokens that have this share together; above 0, to 1. Default: 1.</summary>
    [JsonPropertyName("top_p")] public double? TopP { get; init; }

    /// <summary>Seed of the random choice. Default: 0.</summary>
    [JsonPropertyName("seed")] public long? Seed { get; init; }
}
