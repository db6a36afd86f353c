using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job cannot be deleted yet: it, or what reads its blobs, is still there.</summary>
internal sealed class JobOpenException(JobId job, string code, string message) : Exception(message)
{
    public JobId Job { get; } = job;

    /// <summary>One word for programs.</summary>
    public string Code { get; } = code;
}
