using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Shards;

/// <summary>What one item asks for itself, over what its job asks of every item. What is null is taken from the job.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.ItemRequest")]
public sealed record ItemRequest
{
    /// <summary>Its prompt.</summary>
    [Id(0)] public string? Prompt { get; init; }

    /// <summary>Tokens made at most for it.</summary>
    [Id(1)] public int? MaxTokens { get; init; }

    /// <summary>0 is greedy.</summary>
    [Id(2)] public double? Temperature { get; init; }

    /// <summary>Only the likeliest tokens that together reach this probability.</summary>
    [Id(3)] public double? TopP { get; init; }

    /// <summary>Seed of the random choice.</summary>
    [Id(4)] public long? Seed { get; init; }

    /// <summary>Texts that end its answer.</summary>
    [Id(5)] public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>True when the job's prompt and sampling hold unchanged.</summary>
    [JsonIgnore]
    public bool IsEmpty => Prompt is null && MaxTokens is null && Temperature is null && TopP is null && Seed is null && Stop is null;
}
