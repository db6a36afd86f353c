namespace Dpvr.Contracts.Jobs;

/// <summary>Questions about a status.</summary>
public static class JobStatusExtensions
{
    /// <summary>True when a job with this status never changes again.</summary>
    public static bool IsTerminal(this JobStatus status) =>
        status is JobStatus.Completed or JobStatus.Failed or JobStatus.Expired or JobStatus.Cancelled;
}
