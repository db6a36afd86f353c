using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Sources;

namespace Dpvr.Silo.Launch;

/// <summary>Makes the same command mean the same job: starts it, resumes it, renews it for a changed source, or finds it done.</summary>
public sealed class JobLauncher(IGrainFactory grains, JobStore store)
{
    /// <summary>Launches a job whose id follows from its specification.</summary>
    /// <exception cref="DatasetException">The source cannot be listed.</exception>
    public async Task<JobLaunch> LaunchAsync(JobSpec spec, LaunchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        options ??= new LaunchOptions();
        // Refused before anything of an earlier run is touched.
        var reader = DatasetReaders.Open(spec.Source, new SourceAccess { Store = store.Blobs });
        if (options.Overwrite) await new JobEraser(store).EraseAsync(cancellationToken);
        var first = JobIds.First(spec);
        if (await LatestAsync(first, cancellationToken) is not { } latest) return await StartAsync(first, spec, LaunchKind.New);
        var plan = await store.ReadPlanAsync(latest, cancellationToken);
        var end = await store.ReadEndAsync(latest, cancellationToken);
        if (plan is null && end is null) return await StartAsync(latest, spec, LaunchKind.Resumed);
        var renew = plan is null
            || end is { Status: not JobStatus.Completed }
            || (end is not null && options.RetryFailed && end.Requests.Failed > 0)
            || (await store.ReadControlAsync(latest, cancellationToken)).CancelRequested
            || await ListingHash.OfAsync(reader, cancellationToken) != plan.ListingSha256;
        if (renew) return await StartAsync(JobIds.Next(latest), spec, LaunchKind.Renewed);
        if (end is null) return await StartAsync(latest, spec, LaunchKind.Resumed);
        if (await OutputStandsAsync(latest, cancellationToken)) return await StartAsync(latest, spec, LaunchKind.AlreadyDone);
        await store.Blobs.DeleteAsync(store.Layout.End(latest), cancellationToken);
        return await StartAsync(latest, spec, LaunchKind.Reassembled);
    }

    private async Task<JobLaunch> StartAsync(JobId job, JobSpec spec, LaunchKind kind) =>
        new(job, kind, await grains.GetGrain<IJobGrain>(job.Value).StartAsync(spec));

    private async Task<JobId?> LatestAsync(JobId first, CancellationToken cancellationToken)
    {
        var family = JobIds.Split(first).Family;
        var generations = (await store.ListJobsAsync(cancellationToken)).Where(job => JobIds.Split(job).Family == family).OrderBy(static job => JobIds.Split(job).Generation).ToList();
        return generations.Count == 0 ? null : generations[^1];
    }

    private async Task<bool> OutputStandsAsync(JobId job, CancellationToken cancellationToken)
    {
        var prefix = store.Layout.OutputOf(job);
        if (await store.ReadManifestAsync(prefix + OutputNames.Manifest, cancellationToken) is not OutputManifest manifest || manifest.Job != job) return false;
        foreach (var file in manifest.Files)
            if (!await store.Blobs.ExistsAsync(prefix + file.Path, cancellationToken))
                return false;
        return true;
    }
}
