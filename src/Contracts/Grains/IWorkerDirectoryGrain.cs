using Dpvr.Contracts.Workers;

namespace Dpvr.Contracts.Grains;

/// <summary>Who works here. One activation, key 0, in memory alone: what a worker says is forgotten when it falls silent, and said again a few seconds later when the activation moved.</summary>
[Alias("dpvr.workers")]
public interface IWorkerDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a worker's report.</summary>
    [Alias("report")]
    Task ReportAsync(WorkerReport report);

    /// <summary>The workers that reported lately, with the age of each report in seconds.</summary>
    [Alias("list")]
    Task<IReadOnlyList<WorkerEntry>> ListAsync();
}
