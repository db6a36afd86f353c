using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.Gallery;

/// <summary>Which pictures of a job.</summary>
public sealed record GalleryQuery
{
    /// <summary>The job.</summary>
    public required JobId Job { get; init; }

    /// <summary>Text in an answer, an error or the id; empty: all.</summary>
    public string Search { get; init; } = "";

    /// <summary>What was committed last comes first; else in the order of the input.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Only pictures with a request that failed.</summary>
    public bool OnlyFailed { get; init; }

    /// <summary>Only this shard.</summary>
    public int? Shard { get; init; }
}
