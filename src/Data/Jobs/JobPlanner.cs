using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Jobs;

/// <summary>Turns a source into plan blobs, a range at a time; the plan's head comes last. Memory grows with a range, not with the source.</summary>
/// <param name="store">Where the plan goes.</param>
/// <param name="open">Opens a source; by its kind unless something else is given.</param>
public sealed class JobPlanner(JobStore store, Func<SourceSpec, IDatasetReader>? open = null)
{
    /// <summary>Pictures of a shard when nobody says how many.</summary>
    public const int DefaultShardSize = 256;

    /// <summary>Pictures of a shard at most.</summary>
    public const int MaxShardSize = 4096;

    private const int SmallestDefault = 16;

    /// <summary>Writes the plan. A plan that a killed process began is written anew; one that is complete stands.</summary>
    /// <param name="job">The job.</param>
    /// <param name="spec">What it asks.</param>
    /// <param name="found">Told how many pictures were found so far.</param>
    /// <param name="cancellationToken">Ends it; a plan without a head is none.</param>
    /// <exception cref="DatasetException">The source cannot be listed.</exception>
    public async Task<JobPlan> PlanAsync(JobId job, JobSpec spec, Action<long>? found = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (await store.ReadPlanAsync(job, cancellationToken) is { } standing) return standing;
        RequestRules.Check(spec);
        var reader = open is null ? DatasetReaders.Open(spec.Source, new SourceAccess { Store = store.Blobs }) : open(spec.Source);
        var size = spec.ShardSize > 0 ? Math.Min(spec.ShardSize, MaxShardSize) : await ChooseSizeAsync(reader, cancellationToken);
        using var hash = new ListingHash();
        await using var range = new RangeWriter(store, job);
        long images = 0;
        var shards = 0;
        await foreach (var item in reader.ListAsync(cancellationToken))
        {
            if (item.Index != images) throw new InvalidOperationException($"Item {item.CustomId} of {job} has index {item.Index}, not {images}.");
            if (images % size == 0)
            {
                if (shards > 0 && shards % ShardId.ShardsPerRange == 0)
                    await range.WriteAsync(shards, cancellationToken);
                await range.BeginShardAsync(cancellationToken);
                shards++;
            }
            range.Add(RequestRules.Apply(spec, item));
            hash.Add(item);
            if (++images % 1000 == 0) found?.Invoke(images);
        }
        if (shards > 0) await range.WriteAsync(shards, cancellationToken);
        await store.Blobs.FlushAsync(cancellationToken);
        found?.Invoke(images);
        return await store.CreatePlanAsync(
            new JobPlan { Job = job, Images = images, Requests = images * spec.Prompts.Count, ShardSize = size, Shards = shards, ListingSha256 = hash.Finish() }, cancellationToken);
    }

    // A small job gets small shards, so that a kill loses little and progress shows early: about 16 shards, each of 16 to 256 pictures.
    private static async Task<int> ChooseSizeAsync(IDatasetReader reader, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var _ in reader.ListAsync(cancellationToken))
            if (++count >= DefaultShardSize * SmallestDefault)
                return DefaultShardSize;
        return (int)Math.Clamp(count / SmallestDefault, SmallestDefault, DefaultShardSize);
    }
}
