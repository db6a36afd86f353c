using System.Text.Json;

namespace Dpvr.Silo.Api.Batches;

/// <summary>The body that creates a batch.</summary>
internal sealed record BatchRequest
{
    /// <summary>An uploaded file of the purpose <c>batch</c>.</summary>
    public string? InputFileId { get; init; }

    /// <summary><c>/v1/chat/completions</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How long it may take: a whole number and <c>h</c> or <c>d</c>, as <c>24h</c>, at most 30 days.</summary>
    public string? CompletionWindow { get; init; }

    /// <summary>Up to 16 texts that come back with the batch.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Taken for the clients' sake: files here stay until they are deleted.</summary>
    public JsonElement? OutputExpiresAfter { get; init; }
}
