namespace Dpvr.Contracts.Results;

/// <summary>
/// The terminal record of one request (one prompt on one picture): a line of a shard's data file, and unchanged a line of
/// <c>captions.jsonl</c>, or of <c>errors.jsonl</c> when <see cref="Error"/> is set. JSON names are snake_case; null is left out.
/// </summary>
[GenerateSerializer, Immutable, Alias("dpvr.ItemRecord")]
public sealed record ItemRecord
{
    /// <summary>The submitter's id, or the picture's path relative to the source with '/'.</summary>
    [Id(0)] public required string CustomId { get; init; }

    /// <summary>The prompt's name.</summary>
    [Id(1)] public required string Prompt { get; init; }

    /// <summary>The answer; null on error.</summary>
    [Id(2)] public string? Text { get; init; }

    /// <summary>Token counts; null on error.</summary>
    [Id(3)] public TokenCounts? Tokens { get; init; }

    /// <summary><c>stop</c> or <c>length</c>; null on error.</summary>
    [Id(4)] public string? FinishReason { get; init; }

    /// <summary>Mean log-probability (natural) of the tokens made.</summary>
    [Id(5)] public double? Logprob { get; init; }

    /// <summary>Log-probability of every token made, when the job asked for it.</summary>
    [Id(6)] public IReadOnlyList<float>? TokenLogprobs { get; init; }

    /// <summary>The model's name.</summary>
    [Id(7)] public string? Model { get; init; }

    /// <summary>The routing, as <c>dense</c>, <c>withdraw@8</c>, <c>dpvr-lf</c>.</summary>
    [Id(8)] public string? Routing { get; init; }

    /// <summary>SHA-256 of the picture's bytes, lower-case hex; null when they could not be read.</summary>
    [Id(9)] public string? Sha256 { get; init; }

    /// <summary>The picture's width in pixels after EXIF orientation.</summary>
    [Id(10)] public int? Width { get; init; }

    /// <summary>The picture's height in pixels after EXIF orientation.</summary>
    [Id(11)] public int? Height { get; init; }

    /// <summary>Where the time went.</summary>
    [Id(12)] public ItemTimings? Timings { get; init; }

    /// <summary>Identity of the work (see <c>WorkIdentity</c>), lower-case hex; what an answer is found by again.</summary>
    [Id(13)] public string? Work { get; init; }

    /// <summary>True when the answer was taken over from equal work done before.</summary>
    [Id(14)] public bool? Reused { get; init; }

    /// <summary>Why there is no answer.</summary>
    [Id(15)] public ItemError? Error { get; init; }

    /// <summary>The prompt's text, where the item brought its own.</summary>
    [Id(16)] public string? PromptText { get; init; }
}
