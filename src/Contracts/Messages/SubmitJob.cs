using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Asks for a job: the members of <c>POST /api/jobs</c>, and with them what names the submission. Answered by <see cref="JobAccepted"/> or <see cref="JobRejected"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SubmitJob
{
    /// <summary>However often and whichever way this key comes, it is one job. Default: the message's id; without one, the SHA-256 of its body.</summary>
    [JsonPropertyName("idempotency_key")] public string? IdempotencyKey { get; init; }

    /// <summary>Comes back in every answer and event about the job; at most 512 characters. Default: none.</summary>
    [JsonPropertyName("custom_id")] public string? CustomId { get; init; }

    /// <summary>Where the pictures are.</summary>
    [JsonPropertyName("source")] public JobSource? Source { get; init; }

    /// <summary>What is asked about every picture. Default: <c>caption</c>, "Describe the image."</summary>
    [JsonPropertyName("prompts")] public IReadOnlyList<JobPrompt>? Prompts { get; init; }

    /// <summary>A model's name. Default: the silo's first.</summary>
    [JsonPropertyName("model")] public string? Model { get; init; }

    /// <summary><c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>. Default: dpvr-lf where the model has a side branch, else dense.</summary>
    [JsonPropertyName("routing")] public string? Routing { get; init; }

    /// <summary>Vision tokens of a picture that are kept. Default: all.</summary>
    [JsonPropertyName("visual_tokens")] public int? VisualTokens { get; init; }

    /// <summary>How tokens are chosen.</summary>
    [JsonPropertyName("sampling")] public JobSampling? Sampling { get; init; }

    /// <summary>What is written besides captions.jsonl and errors.jsonl.</summary>
    [JsonPropertyName("outputs")] public JobOutputs? Outputs { get; init; }

    /// <summary>Jobs of a higher priority come first, strictly; -1000 to 1000. Default: 0.</summary>
    [JsonPropertyName("priority")] public int? Priority { get; init; }

    /// <summary>Share of accelerator time among jobs of the same priority; 0.001 to 1000. Default: 1.</summary>
    [JsonPropertyName("weight")] public double? Weight { get; init; }

    /// <summary>Sequences that are computed together. Default: what fits the memory.</summary>
    [JsonPropertyName("batch_size")] public int? BatchSize { get; init; }

    /// <summary>Attempts after which an item is given up; 1 to 100. Default: 3.</summary>
    [JsonPropertyName("max_attempts")] public int? MaxAttempts { get; init; }

    /// <summary>Up to 16 texts that come back with the job over HTTP.</summary>
    [JsonPropertyName("metadata")] public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
