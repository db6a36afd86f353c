using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Files;

/// <summary>Who reads an uploaded file. Batches take their notes away when they end; those of jobs that have ended are taken away when somebody asks.</summary>
internal sealed class FileUsers(JobStore store, TimeProvider time)
{
    // A job's note is there a moment before the job. What has none after so long never became one.
    private static readonly TimeSpan s_coming = TimeSpan.FromMinutes(10);

    /// <summary>A batch or job that has not ended; null when there is none.</summary>
    public async Task<string?> FindAsync(string file, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        await foreach (var note in store.Blobs.ListAsync(FileStore.UsersOf(file), cancellationToken)) notes.Add(note);
        foreach (var note in notes)
        {
            var user = note[(note.LastIndexOf('/') + 1)..];
            if (user.StartsWith(BatchStore.Prefix, StringComparison.Ordinal)) return user;
            var job = new JobId(user);
            if (await JobFamily.OpenOneAsync(store, job, cancellationToken) is { } open) return open.Value;
            if (await store.ReadSpecAsync(job, cancellationToken) is null && await IsFreshAsync(note, cancellationToken)) return user;
            await store.Blobs.DeleteAsync(note, cancellationToken);
        }
        return null;
    }

    private async Task<bool> IsFreshAsync(string note, CancellationToken cancellationToken) =>
        await store.Blobs.GetAsync(note, cancellationToken) is { } blob && JsonSerializer.Deserialize(blob.Bytes, IntakeJson.Text.HoldRecord) is { } hold && time.GetUtcNow() - hold.At < s_coming;
}
