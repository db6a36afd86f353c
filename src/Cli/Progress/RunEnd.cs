using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Progress;

/// <summary>How a run ended.</summary>
internal sealed record RunEnd
{
    public required ExitCode Code { get; init; }
    public required JobProgress Job { get; init; }
    public required string Output { get; init; }
    public TimeSpan Elapsed { get; init; }

    /// <summary>Pictures that this run did, without those that earlier runs had done.</summary>
    public long ImagesOfThisRun => Math.Max(0, Job.ImagesDone - Job.ImagesAdopted);
}
