using Dpvr.Data.Blobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Lists a job's source, and writes nothing.</summary>
internal sealed class JobCounter(JobDoor door, WorkEstimate estimate, IBlobStore blobs)
{
    public async Task<JobPlanView> CountAsync(JobRequest request, CancellationToken cancellationToken)
    {
        var spec = await door.ReadAsync(request, cancellationToken);
        long images = 0, unreadable = 0, bytes = 0;
        await foreach (var item in DatasetReaders.Open(spec.Source, new SourceAccess { Store = blobs }).ListAsync(cancellationToken))
        {
            images++;
            bytes += item.Size;
            if (item.Error is not null) unreadable++;
        }
        var known = await estimate.FindAsync(spec, cancellationToken);
        return new JobPlanView
        {
            Images = images,
            Unreadable = unreadable,
            Bytes = bytes,
            Requests = images * spec.Prompts.Count,
            Model = spec.Model.Name,
            Routing = spec.Routing.ToString(),
            EngineSeconds = known is { } k ? Math.Round(k.SecondsOfARequest * images * spec.Prompts.Count, 3) : null,
            EstimateFrom = known?.From.Value,
        };
    }
}
