namespace Dpvr.Dashboard.Workers;

/// <summary>The workers that were heard of lately.</summary>
public interface IWorkerFeed
{
    /// <summary>All of them, by name.</summary>
    Task<IReadOnlyList<WorkerRow>> ListAsync(CancellationToken cancellationToken);
}
