using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Pictures;

namespace Dpvr.Dashboard.Gallery;

/// <summary>A picture on its own page.</summary>
public sealed record PictureDetail
{
    /// <summary>The picture; without records while its shard is not committed.</summary>
    public required Shot Shot { get; init; }

    /// <summary>Position in the input.</summary>
    public long Index { get; init; }

    /// <summary>Bytes of its file when the plan was made.</summary>
    public long Bytes { get; init; }

    /// <summary>What was asked, a prompt for each record.</summary>
    public IReadOnlyList<PromptSpec> Prompts { get; init; } = [];

    /// <summary>Words of each answer with their log-probabilities; empty where the job did not ask for them.</summary>
    public IReadOnlyList<IReadOnlyList<AnswerWord>> Words { get; init; } = [];

    /// <summary>The attempt that counts; 0 while there is none.</summary>
    public int Attempt { get; init; }

    /// <summary>The worker that computed it.</summary>
    public string? Worker { get; init; }

    /// <summary>The picture before it.</summary>
    public PicturePlace? Before { get; init; }

    /// <summary>The picture after it.</summary>
    public PicturePlace? After { get; init; }
}
