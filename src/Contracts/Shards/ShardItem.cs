using Dpvr.Contracts.Results;

namespace Dpvr.Contracts.Shards;

/// <summary>One picture of the plan: a line of <c>plan/{range}.jsonl</c>.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.ShardItem")]
public sealed record ShardItem
{
    /// <summary>Position in the input, from 0.</summary>
    [Id(0)] public required long Index { get; init; }

    /// <summary>The submitter's id, or the path relative to the source with '/'.</summary>
    [Id(1)] public required string CustomId { get; init; }

    /// <summary>Where the source's reader finds the bytes.</summary>
    [Id(2)] public required string Locator { get; init; }

    /// <summary>Bytes when the plan was made.</summary>
    [Id(3)] public long Size { get; init; }

    /// <summary>Changes whenever the picture does: modification time or ETag.</summary>
    [Id(4)] public string? Version { get; init; }

    /// <summary>Set when the listing already knows that there is nothing to read; such an item goes straight to its error records.</summary>
    [Id(5)] public ItemError? Error { get; init; }

    /// <summary>What it asks for itself; null where the job's prompts and sampling hold.</summary>
    [Id(6)] public ItemRequest? Request { get; init; }
}
