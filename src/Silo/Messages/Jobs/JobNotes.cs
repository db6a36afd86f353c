using System.Collections.Concurrent;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>The jobs whose progress this silo announces.</summary>
internal sealed class JobNotes(BusRecords records)
{
    private readonly ConcurrentDictionary<string, JobNote> _open = new();

    public IReadOnlyList<JobNote> Open => [.. _open.Values];

    /// <summary>Announces a job from now on, whatever dies.</summary>
    public async Task AddAsync(JobNote note, CancellationToken cancellationToken)
    {
        await records.PutAsync(note, cancellationToken);
        Watch(note);
    }

    /// <summary>The same of one whose record is there already.</summary>
    public void Watch(JobNote note) => _open[note.Job] = note;

    public async Task RemoveAsync(JobNote note, CancellationToken cancellationToken)
    {
        // Only this one: the same job may have been asked for again meanwhile, by another name.
        if (!_open.TryRemove(KeyValuePair.Create(note.Job, note))) return;
        try
        {
            await records.DeleteAsync(note, cancellationToken);
        }
        catch
        {
            _open.TryAdd(note.Job, note); // its record is there: the next look tries again
            throw;
        }
    }
}
