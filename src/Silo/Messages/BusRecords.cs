using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dpvr.Data.Blobs;
using Dpvr.Silo.Messages.Jobs;
using Dpvr.Silo.Messages.Windows;

namespace Dpvr.Silo.Messages;

/// <summary>
/// What is still to be answered, as blobs <c>bus/{silo}/jobs/{job}.json</c> and <c>bus/{silo}/windows/{window}.json</c>: a silo that dies leaves them to the others, or
/// to the next one that starts.
/// </summary>
internal sealed class BusRecords(IBlobStore blobs, BusOwner owner)
{
    private const string Root = "bus/";

    public IBlobStore Blobs => blobs;

    public Task PutAsync(JobNote note, CancellationToken cancellationToken) => PutAsync(KeyOf(note), note, BusJson.Text.JobNote, cancellationToken);

    public Task PutAsync(WindowRecord window, CancellationToken cancellationToken) => PutAsync(KeyOf(window), window, BusJson.Text.WindowRecord, cancellationToken);

    public Task DeleteAsync(JobNote note, CancellationToken cancellationToken) => blobs.DeleteAsync(KeyOf(note), cancellationToken);

    public Task DeleteAsync(WindowRecord window, CancellationToken cancellationToken) => blobs.DeleteAsync(KeyOf(window), cancellationToken);

    /// <summary>Silos that left something, this one too.</summary>
    public Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken) => blobs.ListFoldersAsync(Root, cancellationToken);

    /// <summary>Takes over what a silo left: each record becomes this silo's, and is told to who does it, before it stops being the other's. What was told stays told when a later one fails.</summary>
    public async Task TakeOverAsync(string from, Action<JobNote> ofJob, Action<WindowRecord> ofWindow, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var key in blobs.ListAsync($"{Root}{from}/", cancellationToken)) keys.Add(key);
        foreach (var key in keys)
        {
            if (await blobs.GetAsync(key, cancellationToken) is not { } blob) continue;
            if (key.Contains("/windows/", StringComparison.Ordinal))
            {
                var window = JsonSerializer.Deserialize(blob.Bytes, BusJson.Text.WindowRecord)!;
                await PutAsync(window, cancellationToken);
                ofWindow(window);
            }
            else
            {
                var note = JsonSerializer.Deserialize(blob.Bytes, BusJson.Text.JobNote)!;
                await PutAsync(note, cancellationToken);
                ofJob(note);
            }
            await blobs.DeleteAsync(key, cancellationToken);
        }
    }

    private string KeyOf(JobNote note) => $"{Root}{owner.Name}/jobs/{note.Job}.json";

    private string KeyOf(WindowRecord window) => $"{Root}{owner.Name}/windows/{window.Id}.json";

    private Task PutAsync<T>(string key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        blobs.PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, type), BlobDurability.Durable, cancellationToken);
}
