using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.Jobs;

/// <summary>A job in a list.</summary>
public sealed record JobRow
{
    /// <summary>Its id.</summary>
    public JobId Id => Progress.Job;

    /// <summary>Where it stands. Paths of the server are not in it.</summary>
    public required JobProgress Progress { get; init; }

    /// <summary>The source in the submitter's words.</summary>
    public string Source { get; init; } = "";

    /// <summary>The model's name.</summary>
    public string Model { get; init; } = "";

    /// <summary>The routing.</summary>
    public string Routing { get; init; } = "";

    /// <summary>When it was submitted, where that is known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Pictures a second now; of a job that has ended, over all.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>How long it will still take, at this rate.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>True when it has ended.</summary>
    public bool HasEnded => Progress.Status.IsTerminal();
}
