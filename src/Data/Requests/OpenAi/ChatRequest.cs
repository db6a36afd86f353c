using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>The body of a chat completion about one picture, as what this system asks of a model.</summary>
public sealed record ChatRequest
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The picture.</summary>
    public required ChatPicture Picture { get; init; }

    /// <summary>The prompt (system texts, then the user's, a line each) and how to answer it.</summary>
    public required ItemRequest Request { get; init; }

    /// <summary>True when the answer is to come in pieces.</summary>
    public bool Stream { get; init; }

    /// <summary>True when the last piece is to carry the usage.</summary>
    public bool IncludeUsage { get; init; }
}
