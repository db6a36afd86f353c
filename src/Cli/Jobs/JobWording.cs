using System.Globalization;
using Dpvr.Cli.Progress;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Jobs;

/// <summary>A job as a line.</summary>
internal static class JobWording
{
    public static string Line(JobProgress job)
    {
        var error = job.Error is { } e ? $", {e.Code}: {e.Message}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{job.Job}  {Wording.State(job)}: {job.ImagesDone}/{job.Images} images, {job.Requests.Succeeded} answers, {job.Requests.Failed} failed, {job.Leased} shards in work, {job.StaleCommits} stale writes refused{error}");
    }
}
