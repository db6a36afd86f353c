namespace Dpvr.Silo.Api.Batches;

/// <summary>The blob <c>batches/{id}/batch.json</c>: what was asked; never changed.</summary>
internal sealed record BatchRecord
{
    public required string Id { get; init; }
    public required string InputFileId { get; init; }
    public required string Endpoint { get; init; }
    public required string CompletionWindow { get; init; }
    public required long CreatedAt { get; init; }
    public required long ExpiresAt { get; init; }
    public string By { get; init; } = "";
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
