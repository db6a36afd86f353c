namespace Dpvr.Dashboard.Jobs;

/// <summary>Which jobs to list. Equal queries of different viewers are one look.</summary>
public sealed record JobsQuery
{
    /// <summary>Jobs of a page.</summary>
    public const int PageSize = 25;

    /// <summary>Text in the id, the source, the model or the routing.</summary>
    public string Search { get; init; } = "";

    /// <summary>Which states.</summary>
    public JobFilter Filter { get; init; }

    /// <summary>In which order.</summary>
    public JobOrder Order { get; init; }

    /// <summary>From the last to the first.</summary>
    public bool Descending { get; init; } = true;

    /// <summary>Page, from 0.</summary>
    public int Page { get; init; }
}
