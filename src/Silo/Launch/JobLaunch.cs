using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Launch;

/// <summary>A launched job.</summary>
/// <param name="Job">Its id: ask its grain for progress.</param>
/// <param name="Kind">What was found.</param>
/// <param name="Progress">Where it stands.</param>
public sealed record JobLaunch(JobId Job, LaunchKind Kind, JobProgress Progress);
