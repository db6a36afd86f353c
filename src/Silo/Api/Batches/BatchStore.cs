using System.Text.Json;
using Dpvr.Data.Blobs;
using Dpvr.Silo.Api.Files;

namespace Dpvr.Silo.Api.Batches;

/// <summary>Batches in the store. Those that have not ended have a mark, so that whoever starts finds them without reading all.</summary>
internal sealed class BatchStore(IBlobStore blobs)
{
    public const string Prefix = "batch_";
    private const string Folder = "batches/";
    private const string Open = "open-batches/";

    /// <summary>The source of requests that its file becomes.</summary>
    public static string RowsOf(string id) => $"{Folder}{id}/requests.jsonl";

    /// <summary>The batch that such a source is of; null when it is another's.</summary>
    public static string? BatchOf(string rows) => rows.StartsWith(Folder, StringComparison.Ordinal) && rows.Split('/') is [_, var id, "requests.jsonl"] ? id : null;

    /// <summary>The mark of a batch that has not ended.</summary>
    public static string MarkOf(string id) => Open + id;

    /// <summary>Writes it, once; then its marks.</summary>
    public async Task CreateAsync(BatchRecord batch, CancellationToken cancellationToken)
    {
        await blobs.PutAsync(FileStore.UsersOf(batch.InputFileId) + batch.Id, "{}"u8.ToArray(), BlobDurability.Durable, cancellationToken);
        await MarkAsync(batch.Id, cancellationToken);
        await blobs.TryCreateAsync(RecordOf(batch.Id), JsonSerializer.SerializeToUtf8Bytes(batch, ApiJson.Answers), BlobDurability.Durable, cancellationToken);
        await MarkAsync(batch.Id, cancellationToken); // who looked in between saw a mark without a batch, and may have taken it away
    }

    public async Task<BatchRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        TimeIds.Is(id, Prefix) && await blobs.GetAsync(RecordOf(id), cancellationToken) is { } blob ? JsonSerializer.Deserialize<BatchRecord>(blob.Bytes, ApiJson.Answers) : null;

    public async Task<BatchState> ReadStateAsync(string id, CancellationToken cancellationToken) => (await ReadVersionAsync(id, cancellationToken)).State;

    /// <summary>Changes the state over the version that was read, however many try; returns what stands then. A batch that has ended stays as it is.</summary>
    public async Task<BatchState> ChangeAsync(string id, Func<BatchState, BatchState> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (state, etag) = await ReadVersionAsync(id, cancellationToken);
            var changed = state.HasEnded ? state : change(state);
            if (changed == state) return state;
            var bytes = JsonSerializer.SerializeToUtf8Bytes(changed, ApiJson.Answers);
            var written = etag is null ? await blobs.TryCreateAsync(StateOf(id), bytes, BlobDurability.Durable, cancellationToken) : await blobs.TryReplaceAsync(StateOf(id), bytes, etag, cancellationToken) is not null;
            if (written) return changed;
        }
    }

    public async Task<IReadOnlyList<string>> ListOpenAsync(CancellationToken cancellationToken)
    {
        var open = new List<string>();
        await foreach (var key in blobs.ListAsync(Open, cancellationToken)) open.Add(key[Open.Length..]);
        return open;
    }

    /// <summary>Takes the marks of a batch that has ended away.</summary>
    public async Task CloseAsync(BatchRecord batch, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(FileStore.UsersOf(batch.InputFileId) + batch.Id, cancellationToken);
        await blobs.DeleteAsync(Open + batch.Id, cancellationToken);
    }

    /// <summary>Takes away a mark whose batch was never written; false: it is written by now, and keeps its mark.</summary>
    public async Task<bool> ForgetAsync(string id, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(Open + id, cancellationToken);
        if (await FindAsync(id, cancellationToken) is null) return true;
        await MarkAsync(id, cancellationToken);
        return false;
    }

    public async Task<IReadOnlyList<string>> ListAsync(string? after, int most, CancellationToken cancellationToken) =>
        [.. TimeIds.Page((await blobs.ListFoldersAsync(Folder, cancellationToken)).Where(static f => TimeIds.Is(f, Prefix)), after).Take(most)];

    private Task MarkAsync(string id, CancellationToken cancellationToken) => blobs.PutAsync(Open + id, "{}"u8.ToArray(), BlobDurability.Durable, cancellationToken);

    private async Task<(BatchState State, string? ETag)> ReadVersionAsync(string id, CancellationToken cancellationToken) =>
        await blobs.GetAsync(StateOf(id), cancellationToken) is { } blob ? (JsonSerializer.Deserialize<BatchState>(blob.Bytes, ApiJson.Answers)!, blob.ETag) : (new BatchState(), null);

    private static string RecordOf(string id) => $"{Folder}{id}/batch.json";

    private static string StateOf(string id) => $"{Folder}{id}/state.json";
}
