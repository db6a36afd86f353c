namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job that was deleted.</summary>
/// <param name="Id">Its id.</param>
public sealed record DeletedJob(string Id)
{
    /// <summary>Always <c>job</c>.</summary>
    public string Object { get; init; } = "job";

    /// <summary>Always true.</summary>
    public bool Deleted { get; init; } = true;
}
