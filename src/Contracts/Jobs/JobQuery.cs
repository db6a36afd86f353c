namespace Dpvr.Contracts.Jobs;

/// <summary>Which jobs of the store to list, a page at a time, in the order of their ids.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.JobQuery")]
public sealed record JobQuery
{
    /// <summary>Jobs of a page at most.</summary>
    public const int MostOfAPage = 200;

    /// <summary>Jobs of a page, 1 to <see cref="MostOfAPage"/>. Default: 50.</summary>
    [Id(0)] public int Limit { get; init; } = 50;

    /// <summary>Only jobs after this id: the page before said <see cref="JobPage.Next"/>. Default: from the first.</summary>
    [Id(1)] public JobId? After { get; init; }

    /// <summary>True leaves out jobs that have ended. Default: false.</summary>
    [Id(2)] public bool UnfinishedOnly { get; init; }
}
