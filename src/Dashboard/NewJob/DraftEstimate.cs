namespace Dpvr.Dashboard.NewJob;

/// <summary>What a job would be.</summary>
/// <param name="Images">Pictures found.</param>
/// <param name="Unreadable">Those that are known to fail.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Requests">Pictures × prompts.</param>
/// <param name="EngineSeconds">Accelerator-seconds, by equal work that was done; null: there is none to go by.</param>
/// <param name="From">The job that it goes by.</param>
public sealed record DraftEstimate(long Images, long Unreadable, long Bytes, long Requests, double? EngineSeconds, string? From);
