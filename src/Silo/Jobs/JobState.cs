using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Faults;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Jobs;

/// <summary>
/// What the store says of a job's life. Every change is written before it is shown, over the version that was read: of two activations that both think they are the one
/// (a silo that was stopped and goes on, a split cluster) the second loses, reads again, and says so by <see cref="IsSuspect"/>.
/// </summary>
internal sealed class JobState(JobStore store, JobId job) : IDisposable
{
    private const int MostConflicts = 16;
    private readonly SemaphoreSlim _writing = new(1);
    private string? _etag;

    public JobId Job => job;

    public JobSpec? Spec { get; private set; }

    public JobPlan? Plan { get; private set; }

    public EndDecision? Decision { get; private set; }

    public JobEnd? End { get; private set; }

    public JobControl Control { get; private set; } = new();

    /// <summary>A pause that could not be written, because the store itself is what fails: it holds all the same.</summary>
    public ItemError? Hold { get; set; }

    /// <summary>True once another activation was seen at work: whoever owns this one gives it up.</summary>
    public bool IsSuspect { get; private set; }

    public bool Paused => Control.Paused || Hold is not null;

    public ItemError? Error => Hold ?? Control.Error;

    public bool GivesOut => Spec is not null && Plan is not null && Decision is null && End is null && !Paused && !Control.CancelRequested;

    public JobShare Share => new(job, Control.Weight ?? Spec?.Weight ?? 1, Control.Priority ?? Spec?.Priority ?? 0, Paused, Spec is { } spec ? EngineKeys.Of(spec) : "");

    /// <summary>Reads everything.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        Spec ??= await store.ReadSpecAsync(job, cancellationToken);
        if (Spec is null) return;
        (Control, _etag) = await store.ReadControlVersionAsync(job, cancellationToken);
        Decision = await store.ReadDecisionAsync(job, cancellationToken);
        End = await store.ReadEndAsync(job, cancellationToken);
        Plan ??= await store.ReadPlanAsync(job, cancellationToken);
    }

    /// <summary>Looks whether somebody else changed the job, and reads it again if so.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (Spec is null || End is not null) return;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var (_, etag) = await store.ReadControlVersionAsync(job, cancellationToken);
            if (etag == _etag && (Decision is not null || await store.ReadDecisionAsync(job, cancellationToken) is null)) return;
            IsSuspect = true;
            await LoadAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task CreateSpecAsync(JobSpec spec) => Spec ??= await store.CreateSpecAsync(job, spec);

    /// <summary>A plan that was just written.</summary>
    public void Take(JobPlan plan) => Plan = plan;

    /// <summary>Changes what people asked of the job. On a conflict the change is made again on what stands.</summary>
    public async Task ChangeAsync(Func<JobControl, JobControl> change)
    {
        await _writing.WaitAsync();
        try
        {
            for (var conflict = 0; ; conflict++)
            {
                var next = change(Control);
                if (next == Control || End is not null) return;
                await Failpoints.HitAsync(Failpoints.BeforeControl);
                if (await store.TryWriteControlAsync(job, next, _etag) is { } written)
                {
                    (Control, _etag) = (next, written);
                    return;
                }
                IsSuspect = true;
                if (conflict == MostConflicts) throw new InvalidOperationException($"Job {job}: {MostConflicts} others changed it first.");
                await LoadAsync(CancellationToken.None);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Pauses for a reason that nobody asked for. Where the store cannot be written, the pause holds all the same.</summary>
    public async Task PauseForAsync(ItemError error)
    {
        Hold = error;
        // Who paused it resumes it: an error on top of that is not written, else the end of an outage would end the pause.
        if (Control is { Paused: true, Error: null }) return;
        try
        {
            await ChangeAsync(control => control is { Paused: true, Error: null } ? control : control with { Paused = true, Error = error });
            if (Control.Error is not null) Hold = null;
        }
        catch (BlobStoreException)
        {
            // The hold is the report of it: it is shown as the job's error.
        }
    }

    /// <summary>Decides the one way in which the job ends; what was decided before stands.</summary>
    public async Task<EndDecision> DecideAsync(JobStatus status, ItemError? error = null)
    {
        Decision = await store.DecideEndAsync(job, new EndDecision { Status = status, Error = error });
        if (Decision.Status != status) IsSuspect = true;
        return Decision;
    }

    /// <summary>Ends it; the end that stands is the one that counts.</summary>
    public async Task EndAsync(JobEnd end)
    {
        await Failpoints.HitAsync(Failpoints.BeforeEnd);
        End = await store.CreateEndAsync(job, end);
    }

    public void Dispose() => _writing.Dispose();
}
