using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Faults;
using Dpvr.Data.Identity;
using Dpvr.Data.Telemetry;

namespace Dpvr.Data.Jobs;

/// <summary>Commits a shard: the data file under the attempt's own name, then the completion marker, whose creation decides.</summary>
/// <param name="store">The job's blobs.</param>
/// <param name="cache">Learns the committed answers; may be null.</param>
/// <param name="instruments">Count them; may be null.</param>
public sealed class ShardCommitter(JobStore store, IResultCache? cache = null, CommitInstruments? instruments = null)
{
    /// <summary>
    /// Commits one record for each item and prompt. May be called again after any failure: an earlier success is recognised and counts as one.
    /// </summary>
    /// <param name="lease">The lease held.</param>
    /// <param name="items">Its items, in the plan's order.</param>
    /// <param name="prompts">The job's prompts, in order.</param>
    /// <param name="records">Exactly one record for each item and prompt, in any order.</param>
    /// <param name="engineSeconds">Accelerator time used.</param>
    /// <param name="cancellationToken">Ends the attempt before it asks for its marker; what was written until then is garbage.</param>
    /// <exception cref="InvalidOperationException">A record is missing, doubled or foreign.</exception>
    /// <exception cref="Blobs.BlobStoreException">The store refused.</exception>
    public async Task<CommitResult> CommitAsync(
        Lease lease, IReadOnlyList<ShardItem> items, IReadOnlyList<PromptSpec> prompts, IEnumerable<ItemRecord> records, double engineSeconds = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var ordered = InOrder(lease, items, prompts, records);
        var data = Serialize(ordered);
        var name = JobLayout.DataName(lease.Shard, Mutants.Are(Mutant.NoFencing) ? 0 : lease.Attempt);
        var key = store.Layout.Job(lease.Job) + name;
        var marker = new DoneMarker
        {
            Shard = lease.Shard,
            Attempt = lease.Attempt,
            Token = lease.Token,
            Data = name,
            Count = ordered.Length,
            Bytes = data.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(data)),
            Images = items.Count,
            Requests = Count(ordered),
            PromptTokens = ordered.Sum(static r => (long)(r.Tokens?.Prompt ?? 0)),
            CompletionTokens = ordered.Sum(static r => (long)(r.Tokens?.Completion ?? 0)),
            EngineSeconds = engineSeconds,
        };
        if (!Mutants.Are(Mutant.NoFencing | Mutant.NoIfNoneMatch) && await store.ReadDoneAsync(lease.Job, lease.Shard, cancellationToken) is { } before) return await LostOrOursAsync(lease, before, key, data, () => instruments?.OnCommitted(ordered, prompts.Count), cancellationToken);
        await store.Blobs.PutAsync(key, Mutants.Are(Mutant.HalfData) ? data[..(data.Length / 2)] : data, cancellationToken: cancellationToken);
        await Failpoints.HitAsync(Failpoints.AfterDataStaged, cancellationToken);
        // From here on nothing cancels: the store's word is waited for, so that a write that it refuses is counted even where the lease is lost meanwhile.
        await Failpoints.HitAsync(Failpoints.BeforeDone, CancellationToken.None);
        if (await store.TryCreateDoneAsync(lease.Job, marker, CancellationToken.None))
        {
            await Failpoints.HitAsync(Failpoints.AfterDone, CancellationToken.None);
            cache?.Add(key, data);
            instruments?.OnCommitted(ordered, prompts.Count);
            return CommitResult.Committed;
        }
        var winner = await store.ReadDoneAsync(lease.Job, lease.Shard, CancellationToken.None)
            ?? throw new InvalidOperationException($"The marker of shard {lease.Shard} of {lease.Job} vanished.");
        return await LostOrOursAsync(lease, winner, key, data, () => instruments?.OnCommitted(ordered, prompts.Count), CancellationToken.None);
    }

    private async Task<CommitResult> LostOrOursAsync(Lease lease, DoneMarker winner, string key, byte[] data, Action ours, CancellationToken cancellationToken)
    {
        // The answer to our own create may have been lost on the way: then the marker carries our token.
        if (winner.Attempt == lease.Attempt && winner.Token == lease.Token)
        {
            cache?.Add(key, data);
            ours();
            return CommitResult.Committed;
        }
        if (winner.Attempt != lease.Attempt) await store.Blobs.DeleteAsync(key, cancellationToken);
        return CommitResult.Stale;
    }

    private static ItemRecord[] InOrder(Lease lease, IReadOnlyList<ShardItem> items, IReadOnlyList<PromptSpec> prompts, IEnumerable<ItemRecord> records)
    {
        var place = new Dictionary<(string, string), int>(items.Count * prompts.Count);
        foreach (var item in items)
            foreach (var prompt in prompts)
                place.Add((item.CustomId, prompt.Name), place.Count);
        var ordered = new ItemRecord?[place.Count];
        foreach (var record in records)
        {
            if (!place.TryGetValue((record.CustomId, record.Prompt), out var at))
                throw new InvalidOperationException($"Record {record.CustomId}/{record.Prompt} does not belong to shard {lease.Shard} of {lease.Job}.");
            if (ordered[at] is not null)
                throw new InvalidOperationException($"Two records for {record.CustomId}/{record.Prompt} in shard {lease.Shard} of {lease.Job}.");
            ordered[at] = record;
        }
        var missing = Array.IndexOf(ordered, null);
        return missing < 0
            ? Array.ConvertAll(ordered, static r => r!)
            : throw new InvalidOperationException($"No record for {items[missing / prompts.Count].CustomId}/{prompts[missing % prompts.Count].Name} in shard {lease.Shard} of {lease.Job}.");
    }

    private static byte[] Serialize(ItemRecord[] records)
    {
        var buffer = new ArrayBufferWriter<byte>(records.Length * 512 + 1);
        foreach (var record in records)
        {
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(record, DpvrJson.Line.ItemRecord));
            buffer.Write("\n"u8);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static Counts Count(ItemRecord[] records) => new()
    {
        Total = records.Length,
        Succeeded = records.Count(static r => r.Error is null),
        Failed = records.Count(static r => r.Error is not null),
        Reused = records.Count(static r => r.Error is null && r.Reused == true),
    };
}
