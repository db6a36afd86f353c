using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Requests;

/// <summary>One line of a source of requests: <c>{"custom_id", "image", "prompt", "max_tokens", "temperature", "top_p", "seed", "stop"}</c>, of which the first two must be there.</summary>
public sealed record RequestRow
{
    /// <summary>The submitter's id, unique in the source.</summary>
    public required string CustomId { get; init; }

    /// <summary>The picture: an http or https URL, <c>store:key</c>, or a path relative to the file of requests.</summary>
    public required string Image { get; init; }

    /// <summary>What is asked, and how.</summary>
    public ItemRequest Request { get; init; } = new();
}
