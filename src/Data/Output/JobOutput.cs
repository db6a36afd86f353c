using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Output;

/// <summary>
/// Assembles a job's output from its completion markers alone. The new files are staged in full before any old one is touched; then the old manifest goes, the
/// files take their names, and the new manifest comes last. Whoever finds a manifest therefore finds exactly what it lists, at any moment; done again it gives the same files.
/// </summary>
public sealed class JobOutput(JobStore store, TimeProvider time)
{
    /// <summary>Writes <c>captions.jsonl</c>, <c>errors.jsonl</c>, sidecars if asked for, and <c>manifest.json</c>.</summary>
    /// <param name="job">The job, planned.</param>
    /// <param name="status">The status that the manifest states.</param>
    /// <param name="cancellationToken">Ends it; the old output stays.</param>
    /// <exception cref="BlobStoreException">The store refused, or a data file does not match its marker.</exception>
    public async Task<OutputManifest> AssembleAsync(JobId job, JobStatus status, CancellationToken cancellationToken = default)
    {
        var spec = await store.ReadSpecAsync(job, cancellationToken) ?? throw new InvalidOperationException($"Job {job} has no specification.");
        var plan = await store.ReadPlanAsync(job, cancellationToken) ?? throw new InvalidOperationException($"Job {job} has no plan.");
        var prefix = store.Layout.OutputOf(job);
        await using var captions = new CountedFile(OutputNames.Captions, await store.Blobs.StageAsync(prefix + OutputNames.Captions, cancellationToken));
        await using var errors = new CountedFile(OutputNames.Errors, await store.Blobs.StageAsync(prefix + OutputNames.Errors, cancellationToken));
        var sidecars = new SidecarWriter(store, job, prefix, spec);
        await sidecars.OpenAsync(cancellationToken);
        var counts = new Counts();
        var tokens = (Prompt: 0L, Completion: 0L);
        var codes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var skipped = new SkippedItems(store, job, spec);
        var leaves = LeavesAsync(job, plan, status == JobStatus.Cancelled, cancellationToken)
            .ReadAheadAsync(async (leaf, token) => (leaf.Slice, leaf.Marker, Data: leaf.Marker is null ? [] : await ReadDataAsync(job, leaf.Marker, token)), cancellationToken);
        await foreach (var (slice, marker, data) in leaves)
        {
            if (marker is null)
            {
                // The input's order holds for what was never done too.
                if (status == JobStatus.Cancelled)
                    await foreach (var line in skipped.ReadAsync(slice, cancellationToken)) await errors.WriteLineAsync(line, cancellationToken);
                continue;
            }
            foreach (var range in JsonLines.Split(data))
            {
                var (offset, length) = range.GetOffsetAndLength(data.Length);
                var line = data.AsMemory(offset, length);
                var record = JsonSerializer.Deserialize(line.Span, DpvrJson.Line.ItemRecord)!;
                await (record.Error is null ? captions : errors).WriteLineAsync(line, cancellationToken);
                if (record.Error is { } error) codes[error.Code] = codes.GetValueOrDefault(error.Code) + 1;
                else sidecars.Add(record);
            }
            counts += marker.Requests;
            tokens = (tokens.Prompt + marker.PromptTokens, tokens.Completion + marker.CompletionTokens);
        }
        if (skipped.Count > 0) codes[ErrorCodes.Cancelled] = codes.GetValueOrDefault(ErrorCodes.Cancelled) + skipped.Count;
        var manifest = new OutputManifest
        {
            Tool = Tool(),
            Job = job,
            Status = status,
            Created = time.GetUtcNow(),
            Model = spec.Model,
            Routing = spec.Routing,
            Sampling = spec.Sampling,
            Prompts = spec.Prompts,
            Images = plan.Images,
            Requests = counts with { Total = plan.Requests, Skipped = skipped.Count },
            PromptTokens = tokens.Prompt,
            CompletionTokens = tokens.Completion,
            Errors = codes,
            Files = [captions.Describe(), errors.Describe()],
        };
        await captions.Blob.SealAsync(cancellationToken);
        await errors.Blob.SealAsync(cancellationToken);
        await store.Blobs.DeleteAsync(prefix + OutputNames.Manifest, cancellationToken);
        // From here on nothing cancels: the gap without a manifest is as short as two renames, and the sidecars if there are any.
        await captions.Blob.CommitAsync(CancellationToken.None);
        await errors.Blob.CommitAsync(CancellationToken.None);
        await sidecars.CommitAsync(CancellationToken.None);
        await store.Blobs.PutAsync(prefix + OutputNames.Manifest, (byte[])[.. JobStore.Bytes(manifest, DpvrJson.Pretty.OutputManifest), (byte)'\n'], BlobDurability.Durable, CancellationToken.None);
        return manifest;
    }

    /// <summary>What every item of the plan came to, in the plan's order: a marker that holds data, or none. A cancelled job is cut first, so that whoever assembles it assembles the same.</summary>
    private async IAsyncEnumerable<(PlanSlice Slice, DoneMarker? Marker)> LeavesAsync(JobId job, JobPlan plan, bool cut, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var range = 0; range * ShardId.ShardsPerRange < plan.Shards; range++)
        {
            var index = await store.ReadIndexAsync(job, range, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"The plan of {job} lacks its range {range}.");
            var markers = new Dictionary<ShardId, DoneMarker>();
            await foreach (var marker in store.ListDoneAsync(job, range, cancellationToken)) markers.TryAdd(marker.Shard, marker);
            if (cut)
            {
                var done = (await store.CreateCutAsync(job, new RangeCut { Range = range, Done = [.. markers.Keys.Order()] }, cancellationToken)).Done.ToHashSet();
                foreach (var late in markers.Keys.Where(shard => !done.Contains(shard)).ToList()) markers.Remove(late);
            }
            for (var i = 0; i < index.Items.Count; i++)
                foreach (var (shard, marker) in Lineage.Leaves(new ShardId(index.FirstShard + i), index.Items[i], markers))
                    yield return (index.SliceOf(store.Layout.PlanLines(job, range), shard), marker);
        }
    }

    private async Task<byte[]> ReadDataAsync(JobId job, DoneMarker marker, CancellationToken cancellationToken)
    {
        var key = store.DataKey(job, marker);
        var data = await store.Blobs.GetAsync(key, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"{key} is gone, although it was committed.");
        return Convert.ToHexStringLower(SHA256.HashData(data.Bytes)) == marker.Sha256
            ? data.Bytes
            : throw new BlobStoreException(ErrorCodes.Internal, $"{key} does not match its completion marker.");
    }

    private static string Tool() =>
        $"dpvr {typeof(JobOutput).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0"}";
}
