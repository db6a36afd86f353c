using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Jobs;

/// <summary>A job's blobs as records: the one place that knows which blob is written how. Safe from any thread and any process.</summary>
public sealed class JobStore(IBlobStore blobs, JobLayout layout)
{
    /// <summary>The blobs.</summary>
    public IBlobStore Blobs { get; } = blobs;

    /// <summary>Where they are.</summary>
    public JobLayout Layout { get; } = layout;

    /// <summary>The ids of all jobs in the store.</summary>
    public async Task<IReadOnlyList<JobId>> ListJobsAsync(CancellationToken cancellationToken = default) =>
        [.. (await Blobs.ListFoldersAsync(Layout.State, cancellationToken)).Where(JobId.IsValid).Select(static name => new JobId(name))];

    /// <summary>Writes the specification if there is none; returns the one that stands.</summary>
    public async Task<JobSpec> CreateSpecAsync(JobId job, JobSpec spec, CancellationToken cancellationToken = default) =>
        await Blobs.TryCreateAsync(Layout.Spec(job), Bytes(spec, DpvrJson.Pretty.JobSpec), BlobDurability.Durable, cancellationToken)
            ? spec
            : await ReadSpecAsync(job, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"The specification of {job} vanished.");

    /// <summary>The specification, or null.</summary>
    public Task<JobSpec?> ReadSpecAsync(JobId job, CancellationToken cancellationToken = default) => ReadAsync(Layout.Spec(job), DpvrJson.Line.JobSpec, cancellationToken);

    /// <summary>The plan's head, or null while there is no plan.</summary>
    public Task<JobPlan?> ReadPlanAsync(JobId job, CancellationToken cancellationToken = default) => ReadAsync(Layout.Plan(job), DpvrJson.Line.JobPlan, cancellationToken);

    /// <summary>Writes the plan's head if there is none; returns the one that stands.</summary>
    public async Task<JobPlan> CreatePlanAsync(JobPlan plan, CancellationToken cancellationToken = default) =>
        await Blobs.TryCreateAsync(Layout.Plan(plan.Job), Bytes(plan, DpvrJson.Pretty.JobPlan), BlobDurability.Durable, cancellationToken)
            ? plan
            : (await ReadPlanAsync(plan.Job, cancellationToken))!;

    /// <summary>A range's index, or null.</summary>
    public Task<PlanIndex?> ReadIndexAsync(JobId job, int range, CancellationToken cancellationToken = default) =>
        ReadAsync(Layout.PlanIndex(job, range), DpvrJson.Line.PlanIndex, cancellationToken);

    /// <summary>What people asked of the job.</summary>
    public async Task<JobControl> ReadControlAsync(JobId job, CancellationToken cancellationToken = default) =>
        await ReadAsync(Layout.Control(job), DpvrJson.Line.JobControl, cancellationToken) ?? new JobControl();

    /// <summary>Writes it down.</summary>
    public Task WriteControlAsync(JobId job, JobControl control, CancellationToken cancellationToken = default) =>
        Blobs.PutAsync(Layout.Control(job), Bytes(control, DpvrJson.Pretty.JobControl), BlobDurability.Durable, cancellationToken);

    /// <summary>The job's end, or null while it has none.</summary>
    public Task<JobEnd?> ReadEndAsync(JobId job, CancellationToken cancellationToken = default) => ReadAsync(Layout.End(job), DpvrJson.Line.JobEnd, cancellationToken);

    /// <summary>Ends the job if it has no end yet; returns the end that stands.</summary>
    public async Task<JobEnd> CreateEndAsync(JobId job, JobEnd end, CancellationToken cancellationToken = default) =>
        await Blobs.TryCreateAsync(Layout.End(job), Bytes(end, DpvrJson.Pretty.JobEnd), BlobDurability.Durable, cancellationToken)
            ? end
            : (await ReadEndAsync(job, cancellationToken))!;

    /// <summary>An output's manifest, or null.</summary>
    public Task<OutputManifest?> ReadManifestAsync(string key, CancellationToken cancellationToken = default) => ReadAsync(key, DpvrJson.Line.OutputManifest, cancellationToken);

    /// <summary>The items of a lease.</summary>
    public async Task<IReadOnlyList<ShardItem>> ReadItemsAsync(PlanSlice slice, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var bytes = await Blobs.GetRangeAsync(slice.Key, slice.Offset, slice.Length, cancellationToken)
            ?? throw new BlobStoreException(ErrorCodes.Internal, $"The plan {slice.Key} is gone.");
        var items = new List<ShardItem>(slice.Count);
        var line = 0;
        foreach (var range in JsonLines.Split(bytes))
        {
            if (line++ < slice.Skip) continue;
            if (items.Count == slice.Count) break;
            items.Add(JsonSerializer.Deserialize(bytes.AsSpan(range), DpvrJson.Line.ShardItem)!);
        }
        return items.Count == slice.Count
            ? items
            : throw new BlobStoreException(ErrorCodes.Internal, $"The plan {slice.Key} has {items.Count} items at {slice.Offset} where {slice.Count} were planned.");
    }

    /// <summary>A completion marker, or null.</summary>
    public Task<DoneMarker?> ReadDoneAsync(JobId job, ShardId shard, CancellationToken cancellationToken = default) =>
        ReadAsync(Layout.Done(job, shard), DpvrJson.Line.DoneMarker, cancellationToken);

    /// <summary>Creates a completion marker: the commit. False: another one stands.</summary>
    public Task<bool> TryCreateDoneAsync(JobId job, DoneMarker marker, CancellationToken cancellationToken = default) =>
        Blobs.TryCreateAsync(Layout.Done(job, marker.Shard), Bytes(marker, DpvrJson.Line.DoneMarker), BlobDurability.Durable, cancellationToken);

    /// <summary>The completion markers of a range, in no order.</summary>
    public IAsyncEnumerable<DoneMarker> ListDoneAsync(JobId job, int range, CancellationToken cancellationToken = default) =>
        ListAsync(Layout.DoneRange(job, range), DpvrJson.Line.DoneMarker, cancellationToken);

    /// <summary>The attempts of a range, in no order.</summary>
    public IAsyncEnumerable<AttemptRecord> ListAttemptsAsync(JobId job, int range, CancellationToken cancellationToken = default) =>
        ListAsync(Layout.LeaseRange(job, range), DpvrJson.Line.AttemptRecord, cancellationToken);

    /// <summary>Claims an attempt's number. False: it was given before.</summary>
    // Lazy: an attempt that a power cut forgets costs one attempt more, never a result.
    public Task<bool> TryCreateAttemptAsync(JobId job, AttemptRecord attempt, CancellationToken cancellationToken = default) =>
        Blobs.TryCreateAsync(Layout.Lease(job, attempt.Shard, attempt.Attempt), Bytes(attempt, DpvrJson.Line.AttemptRecord), BlobDurability.Lazy, cancellationToken);

    /// <summary>Writes down how an attempt ended.</summary>
    public Task EndAttemptAsync(JobId job, AttemptRecord attempt, CancellationToken cancellationToken = default) =>
        Blobs.PutAsync(Layout.Lease(job, attempt.Shard, attempt.Attempt), Bytes(attempt, DpvrJson.Line.AttemptRecord), BlobDurability.Lazy, cancellationToken);

    /// <summary>Full key of a marker's data file.</summary>
    public string DataKey(JobId job, DoneMarker marker) => Layout.Job(job) + (marker.Data ?? throw new InvalidOperationException($"Shard {marker.Shard} of {job} was split: it has no data."));

    internal static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    internal async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class
    {
        if (await Blobs.GetAsync(key, cancellationToken) is not { } blob) return null;
        try
        {
            return JsonSerializer.Deserialize(blob.Bytes, type);
        }
        catch (JsonException e)
        {
            throw new BlobStoreException(ErrorCodes.Internal, $"{key} cannot be read: {e.Message}", e);
        }
    }

    private async IAsyncEnumerable<T> ListAsync<T>(string prefix, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken) where T : class
    {
        await foreach (var key in Blobs.ListAsync(prefix, cancellationToken))
            if (await ReadAsync(key, type, cancellationToken) is { } value)
                yield return value;
    }
}
