namespace Dpvr.Silo.Api.Jobs;

/// <summary>A page of jobs, in the order of their ids.</summary>
/// <param name="Data">The jobs.</param>
/// <param name="HasMore">True when there are more.</param>
/// <param name="Next">Ask for what comes after this, as <c>?after=</c>; null on the last page.</param>
public sealed record JobViewPage(IReadOnlyList<JobView> Data, bool HasMore, string? Next)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";
}
