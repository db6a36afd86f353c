using Dpvr.Contracts.Jobs;

namespace Dpvr.Dashboard.NewJob;

/// <summary>What a new job can be made of, and the making of it.</summary>
public interface IJobForm
{
    /// <summary>Names of the folders that jobs may read.</summary>
    IReadOnlyCollection<string> Roots { get; }

    /// <summary>The models with their routings; the first of each is the usual one.</summary>
    IReadOnlyList<(string Model, IReadOnlyList<string> Routings)> Models { get; }

    /// <summary>Counts what the job would be, and begins nothing.</summary>
    /// <exception cref="DraftRefusedException">The draft is no job.</exception>
    Task<DraftEstimate> EstimateAsync(JobDraft draft, CancellationToken cancellationToken);

    /// <summary>Answers the prompts for a few pictures of the source, each as soon as it is there, and begins nothing.</summary>
    /// <exception cref="DraftRefusedException">The draft is no job, or nothing can answer now.</exception>
    IAsyncEnumerable<DraftTry> TryAsync(JobDraft draft, int pictures, CancellationToken cancellationToken);

    /// <summary>Begins the job. With the same key it is one job however often it is called.</summary>
    /// <exception cref="DraftRefusedException">The draft is no job.</exception>
    Task<JobId> SubmitAsync(JobDraft draft, string key, string by, CancellationToken cancellationToken);
}
