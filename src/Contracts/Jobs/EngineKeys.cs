using System.Globalization;

namespace Dpvr.Contracts.Jobs;

/// <summary>Which engine a job needs: jobs of equal keys can be computed by the same one, side by side.</summary>
public static class EngineKeys
{
    /// <summary>The key: model, revision, routing, batch size, and the room for answers and for prompts that rows bring.</summary>
    public static string Of(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return string.Join('\n', job.Model.Path, job.Model.Revision, job.Routing.ToString(), job.BatchSize.ToString(CultureInfo.InvariantCulture), RoomOf(job));
    }

    /// <summary>Tokens that an engine of the job's key can make for one answer.</summary>
    public static int NewTokensOf(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Math.Max(RequestLimits.Room(job.Sampling.MaxNewTokens), LimitsOf(job)?.NewTokens ?? 0);
    }

    /// <summary>Limits of the rows of a source of requests; null for any other source.</summary>
    public static RequestLimits? LimitsOf(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Source.Kind == SourceKinds.Requests ? job.Limits ?? new RequestLimits() : null;
    }

    // An answer must not end early because the engine was laid out for a job of shorter ones.
    private static string RoomOf(JobSpec job) => string.Create(CultureInfo.InvariantCulture, $"{NewTokensOf(job)}/{LimitsOf(job)?.PromptTokens ?? 0}");
}
