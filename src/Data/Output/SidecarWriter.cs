using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Output;

/// <summary>Writes the sidecars and keeps the list of those that exist, so that those of removed pictures go, and no file that somebody else wrote.</summary>
internal sealed class SidecarWriter(JobStore store, JobId job, string prefix, JobSpec spec)
{
    private readonly Dictionary<string, string> _old = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _new = new(StringComparer.Ordinal);
    private readonly SidecarNames _names = new(spec.Prompts);

    /// <summary>Reads which sidecars earlier runs left.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var other in await store.ListJobsAsync(cancellationToken))
            if (store.Layout.OutputOf(other) == prefix)
                await foreach (var entry in ReadListAsync(store, other, cancellationToken))
                    _old[entry.Path] = entry.Sha256;
    }

    /// <summary>Takes note of an answer; writes nothing yet.</summary>
    public void Add(ItemRecord record)
    {
        if (spec.Output.Sidecars && _names.Of(record.CustomId, record.Prompt) is { } path) _new[path] = Convert.ToHexStringLower(SHA256.HashData(Text(record)));
    }

    /// <summary>Writes the sidecars from the captions that stand, and removes those that are no longer part of the output. The list comes first: a kill leaves no file that nobody remembers.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_new.Count > 0)
        {
            var both = new Dictionary<string, string>(_old, StringComparer.Ordinal);
            foreach (var (path, sha) in _new) both[path] = sha;
            await WriteListAsync(both, cancellationToken);
            await WriteFilesAsync(cancellationToken);
        }
        foreach (var path in _old.Keys.Where(path => !_new.ContainsKey(path))) await store.Blobs.DeleteAsync(prefix + path, cancellationToken);
        if (_new.Count > 0) await store.Blobs.FlushAsync(cancellationToken);
        foreach (var other in await store.ListJobsAsync(cancellationToken))
            if (other != job && store.Layout.OutputOf(other) == prefix)
                await store.Blobs.DeleteAsync(store.Layout.SidecarList(other), cancellationToken);
        await WriteListAsync(_new, cancellationToken);
    }

    /// <summary>The sidecars that a job's list names.</summary>
    public static async IAsyncEnumerable<SidecarEntry> ReadListAsync(JobStore store, JobId job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await store.Blobs.GetAsync(store.Layout.SidecarList(job), cancellationToken) is not { } list) yield break;
        foreach (var line in JsonLines.Split(list.Bytes)) yield return JsonSerializer.Deserialize(list.Bytes.AsSpan(line), DpvrJson.Line.SidecarEntry)!;
    }

    private async Task WriteFilesAsync(CancellationToken cancellationToken)
    {
        var names = new SidecarNames(spec.Prompts);
        await using var captions = await store.Blobs.OpenReadAsync(prefix + OutputNames.Captions, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, "The captions just written are gone.");
        using var reader = new StreamReader(captions);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var record = JsonSerializer.Deserialize(line, DpvrJson.Line.ItemRecord)!;
            if (names.Of(record.CustomId, record.Prompt) is not { } path) continue;
            // What the file holds counts, not what a list says of it: a killed run wrote its list before its files.
            if (_old.ContainsKey(path) && await store.Blobs.GetAsync(prefix + path, cancellationToken) is { } standing && Convert.ToHexStringLower(SHA256.HashData(standing.Bytes)) == _new[path]) continue;
            await store.Blobs.PutAsync(prefix + path, Text(record), BlobDurability.Lazy, cancellationToken);
        }
    }

    private async Task WriteListAsync(Dictionary<string, string> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            await store.Blobs.DeleteAsync(store.Layout.SidecarList(job), cancellationToken);
            return;
        }
        using var lines = new MemoryStream();
        foreach (var (path, sha) in entries.OrderBy(static e => e.Key, StringComparer.Ordinal))
        {
            JsonSerializer.Serialize(lines, new SidecarEntry { Path = path, Sha256 = sha }, DpvrJson.Line.SidecarEntry);
            lines.WriteByte((byte)'\n');
        }
        await store.Blobs.PutAsync(store.Layout.SidecarList(job), lines.ToArray(), BlobDurability.Durable, cancellationToken);
    }

    private static byte[] Text(ItemRecord record) => Encoding.UTF8.GetBytes(record.Text + "\n");
}
