using System.Globalization;

namespace Dpvr.Contracts.Jobs;

/// <summary>Which engine a job needs: jobs of equal keys can be computed by the same one, side by side.</summary>
public static class EngineKeys
{
    /// <summary>The key: model, revision, routing and batch size.</summary>
    public static string Of(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return string.Join('\n', job.Model.Path, job.Model.Revision, job.Routing.ToString(), job.BatchSize.ToString(CultureInfo.InvariantCulture));
    }
}
