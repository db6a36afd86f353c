using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Waits;

namespace Dpvr.Cli.Progress;

/// <summary>A run at one moment: what the job says, and what this process has in hand.</summary>
internal sealed record RunSnapshot
{
    public required JobProgress Job { get; init; }

    /// <summary>Pictures that are computed but whose shard is not yet committed.</summary>
    public int ImagesInHand { get; init; }

    /// <summary>Requests that failed in shards not yet committed.</summary>
    public int FailedInHand { get; init; }

    /// <summary>Tokens made by this process.</summary>
    public long Tokens { get; init; }

    /// <summary>Time that the engine waited, by cause.</summary>
    public IReadOnlyDictionary<WaitCause, TimeSpan> Waits { get; init; } = new Dictionary<WaitCause, TimeSpan>();

    /// <summary>True once the engine can compute.</summary>
    public bool EngineReady { get; init; }

    public long ImagesDone => Math.Min(Job.Images, Job.ImagesDone + ImagesInHand);
    public long Failed => Job.Requests.Failed + FailedInHand;
}
