using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Faults;

namespace Dpvr.Data.Jobs;

/// <summary>A job's blobs as records: the one place that knows which blob is written how. Safe from any thread and any process.</summary>
public sealed class JobStore(IBlobStore blobs, JobLayout layout)
{
    // The version of a write that somebody changed before it was read back. No blob has it: the next write meets a conflict and reads again.
    private const string Superseded = "superseded";

    /// <summary>The blobs.</summary>
    public IBlobStore Blobs { get; } = blobs;

    /// <summary>Where they are.</summary>
    public JobLayout Layout { get; } = layout;

    /// <summary>The ids of all jobs in the store.</summary>
    public async Task<IReadOnlyList<JobId>> ListJobsAsync(CancellationToken cancellationToken = default) =>
        [.. (await Blobs.ListFoldersAsync(Layout.State, cancellationToken)).Where(JobId.IsValid).Select(static name => new JobId(name))];

    /// <summary>Writes the specification if there is none; returns the one that stands.</summary>
    /// <exception cref="Sources.DatasetException">It holds a secret.</exception>
    public async Task<JobSpec> CreateSpecAsync(JobId job, JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Sources.SpecSecrets.Refuse(spec);
        return await Blobs.TryCreateAsync(Layout.Spec(job), Bytes(spec, DpvrJson.Pretty.JobSpec), BlobDurability.Durable, cancellationToken)
            ? spec
            : await ReadSpecAsync(job, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"The specification of {job} vanished.");
    }

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

    /// <summary>The same with its version, null when nobody asked anything yet.</summary>
    public async Task<(JobControl Control, string? ETag)> ReadControlVersionAsync(JobId job, CancellationToken cancellationToken = default) =>
        await Blobs.GetAsync(Layout.Control(job), cancellationToken) is { } blob ? (Parse(Layout.Control(job), blob.Bytes, DpvrJson.Line.JobControl), blob.ETag) : (new JobControl(), null);

    /// <summary>Writes it over the version named only. Null: somebody else wrote it meanwhile, who is to be read first.</summary>
    public async Task<string?> TryWriteControlAsync(JobId job, JobControl control, string? etag, CancellationToken cancellationToken = default)
    {
        var key = Layout.Control(job);
        var bytes = Bytes(control, DpvrJson.Pretty.JobControl);
        if (etag is not null && await Blobs.TryReplaceAsync(key, bytes, etag, cancellationToken) is { } replaced) return replaced;
        var created = etag is null && await Blobs.TryCreateAsync(key, bytes, BlobDurability.Durable, cancellationToken);
        // A create says no version, and the answer to our own write may have been lost on the way: what stands decides.
        if (await Blobs.GetAsync(key, cancellationToken) is { } blob && blob.Bytes.AsSpan().SequenceEqual(bytes)) return blob.ETag;
        return created ? Superseded : null;
    }

    /// <summary>Decides how the job ends if nobody did; returns the decision that stands.</summary>
    public async Task<EndDecision> DecideEndAsync(JobId job, EndDecision decision, CancellationToken cancellationToken = default) =>
        await Blobs.TryCreateAsync(Layout.Ending(job), Bytes(decision, DpvrJson.Pretty.EndDecision), BlobDurability.Durable, cancellationToken)
            ? decision
            : (await ReadDecisionAsync(job, cancellationToken))!;

    /// <summary>How the job is to end, or null while that is open.</summary>
    public Task<EndDecision?> ReadDecisionAsync(JobId job, CancellationToken cancellationToken = default) => ReadAsync(Layout.Ending(job), DpvrJson.Line.EndDecision, cancellationToken);

    /// <summary>What counts as done of a cancelled job's range; written by the first who asks.</summary>
    public async Task<RangeCut> CreateCutAsync(JobId job, RangeCut cut, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cut);
        return await Blobs.TryCreateAsync(Layout.Cut(job, cut.Range), Bytes(cut, DpvrJson.Line.RangeCut), BlobDurability.Lazy, cancellationToken)
            ? cut
            : (await ReadCutAsync(job, cut.Range, cancellationToken))!;
    }

    /// <summary>The same, or null when the job was not cancelled.</summary>
    public Task<RangeCut?> ReadCutAsync(JobId job, int range, CancellationToken cancellationToken = default) => ReadAsync(Layout.Cut(job, range), DpvrJson.Line.RangeCut, cancellationToken);

    /// <summary>Keeps the sums of a complete range, so that a restart need not read its markers one by one.</summary>
    // Lazy: a sum that a power cut forgets is added up again.
    public Task WriteSumAsync(JobId job, RangeProgress sum, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sum);
        return Blobs.PutAsync(Layout.Sum(job, sum.Range), Bytes(sum, DpvrJson.Line.RangeProgress), BlobDurability.Lazy, cancellationToken);
    }

    /// <summary>The sums of complete ranges.</summary>
    public IAsyncEnumerable<RangeProgress> ListSumsAsync(JobId job, CancellationToken cancellationToken = default) => ListAsync(Layout.Sums(job), DpvrJson.Line.RangeProgress, cancellationToken);

    /// <summary>The ranges of which anything was ever given out.</summary>
    public async Task<IReadOnlyList<int>> ListTouchedRangesAsync(JobId job, CancellationToken cancellationToken = default) =>
        [.. (await Blobs.ListFoldersAsync(Layout.Leases(job), cancellationToken)).Select(static name => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture)).Order()];

    /// <summary>The job's end, or null while it has none.</summary>
    public Task<JobEnd?> ReadEndAsync(JobId job, CancellationToken cancellationToken = default) => ReadAsync(Layout.End(job), DpvrJson.Line.JobEnd, cancellationToken);

    /// <summary>Ends the job if it has no end yet; returns the end that stands.</summary>
    public async Task<JobEnd> CreateEndAsync(JobId job, JobEnd end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (end.Status == JobStatus.Cancelled && Mutants.Are(Mutant.CancelOverwritesEnd)) await Blobs.DeleteAsync(Layout.End(job), cancellationToken);
        return await Blobs.TryCreateAsync(Layout.End(job), Bytes(end, DpvrJson.Pretty.JobEnd), BlobDurability.Durable, cancellationToken)
            ? end
            : (await ReadEndAsync(job, cancellationToken))!;
    }

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
    public async Task<bool> TryCreateDoneAsync(JobId job, DoneMarker marker, CancellationToken cancellationToken = default)
    {
        if (Mutants.Are(Mutant.NoIfNoneMatch | Mutant.NoFencing)) return await Blobs.PutAsync(Layout.Done(job, marker.Shard), Bytes(marker, DpvrJson.Line.DoneMarker), cancellationToken: cancellationToken) is not null;
        return await Blobs.TryCreateAsync(Layout.Done(job, marker.Shard), Bytes(marker, DpvrJson.Line.DoneMarker), BlobDurability.Durable, cancellationToken);
    }

    /// <summary>The completion markers of a range, in no order.</summary>
    public IAsyncEnumerable<DoneMarker> ListDoneAsync(JobId job, int range, CancellationToken cancellationToken = default) =>
        ListAsync(Layout.DoneRange(job, range), DpvrJson.Line.DoneMarker, cancellationToken);

    /// <summary>An attempt, or null.</summary>
    public Task<AttemptRecord?> ReadAttemptAsync(JobId job, ShardId shard, int attempt, CancellationToken cancellationToken = default) =>
        ReadAsync(Layout.Lease(job, shard, attempt), DpvrJson.Line.AttemptRecord, cancellationToken);

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

    /// <summary>A shard's records in the items' order, each item's prompts in the job's order; none when the data is gone.</summary>
    public async Task<IReadOnlyList<ItemRecord>> ReadRecordsAsync(JobId job, DoneMarker marker, CancellationToken cancellationToken = default)
    {
        if (await Blobs.GetAsync(DataKey(job, marker), cancellationToken) is not { } data) return [];
        return [.. JsonLines.Split(data.Bytes).Select(line => JsonSerializer.Deserialize(data.Bytes.AsSpan(line), DpvrJson.Line.ItemRecord)!)];
    }

    /// <summary>Those of a shard's records that hold an error, each with its line. Only they are parsed: a shard has hundreds of records, and few of them failed.</summary>
    public async Task<IReadOnlyList<(int Line, ItemRecord Record)>> ReadFailedAsync(JobId job, DoneMarker marker, CancellationToken cancellationToken = default)
    {
        if (await Blobs.GetAsync(DataKey(job, marker), cancellationToken) is not { } data) return [];
        var failed = new List<(int, ItemRecord)>();
        var line = -1;
        foreach (var range in JsonLines.Split(data.Bytes))
        {
            line++;
            // Within a text its quotes would be escaped: what looks like the member is the member.
            if (data.Bytes.AsSpan(range).IndexOf("\"error\":{"u8) < 0) continue;
            if (JsonSerializer.Deserialize(data.Bytes.AsSpan(range), DpvrJson.Line.ItemRecord) is { Error: not null } record) failed.Add((line, record));
        }
        return failed;
    }

    internal static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    internal async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class =>
        await Blobs.GetAsync(key, cancellationToken) is { } blob ? Parse(key, blob.Bytes, type) : null;

    private static T Parse<T>(string key, byte[] bytes, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BlobStoreException(ErrorCodes.Internal, $"{key} cannot be read: {e.Message}", e);
        }
    }

    private async IAsyncEnumerable<T> ListAsync<T>(string prefix, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken) where T : class
    {
        await foreach (var value in Blobs.ListAsync(prefix, cancellationToken).ReadAheadAsync((key, token) => ReadAsync(key, type, token), cancellationToken))
            if (value is not null)
                yield return value;
    }
}
