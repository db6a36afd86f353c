using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dpvr.Silo.Intake;

/// <summary>A job in a submitter's words, for every way that jobs come: names of roots, never paths of the server. Null is the default of each member.</summary>
public sealed record JobRequest
{
    /// <summary>Where the pictures are.</summary>
    public SourceRequest? Source { get; init; }

    /// <summary>What is asked about every picture. Default: <c>caption</c>, "Describe the image."</summary>
    public IReadOnlyList<PromptRequest?>? Prompts { get; init; }

    /// <summary>A model's name. Default: the server's first.</summary>
    public string? Model { get; init; }

    /// <summary><c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>. Default: dpvr-lf where the model has a side branch, else dense.</summary>
    public string? Routing { get; init; }

    /// <summary>Vision tokens of a picture that are kept. Default: all.</summary>
    public int? VisualTokens { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingRequest? Sampling { get; init; }

    /// <summary>What is written besides captions.jsonl and errors.jsonl.</summary>
    public OutputsRequest? Outputs { get; init; }

    /// <summary>Jobs of a higher priority come first, strictly; -1000 to 1000. Default: 0.</summary>
    public int? Priority { get; init; }

    /// <summary>Share of accelerator time among jobs of the same priority; 0.001 to 1000. Default: 1.</summary>
    public double? Weight { get; init; }

    /// <summary>Sequences that are computed together. Default: what fits the memory.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Attempts after which an item is given up; 1 to 100. Default: 3.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Up to 16 texts that come back with the job.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>How requests are written: snake_case; a member that nobody knows is refused.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
    };
}
