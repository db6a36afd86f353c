using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Intake;

/// <summary>A job that is durable: it is done whatever dies now.</summary>
/// <param name="Job">Its id.</param>
/// <param name="IsNew">False: the key stood for it already.</param>
/// <param name="Progress">Where it stands.</param>
public sealed record IntakeResult(JobId Job, bool IsNew, JobProgress Progress);
