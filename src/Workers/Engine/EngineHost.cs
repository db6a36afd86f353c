using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Engine;

/// <summary>The worker's one engine: made for the first job that asks, replaced when a job wants another model or routing, or more room than it has.</summary>
/// <param name="factory">Makes engines.</param>
/// <param name="gauge">Counts what they wait for.</param>
/// <param name="time">The clock.</param>
/// <param name="instruments">Measure them; may be null.</param>
/// <param name="name">What they are for, in metrics: <c>work</c> or <c>chat</c>.</param>
public sealed class EngineHost(IEngineFactory factory, PipelineGauge gauge, TimeProvider time, EngineInstruments? instruments = null, string name = "work") : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private (JobSpec Job, EngineThread Engine)? _current;

    /// <summary>The engine for this job; its creation goes on in its own thread (see <see cref="EngineThread.Ready"/>).</summary>
    public async Task<EngineThread> ForAsync(JobSpec job, CancellationToken cancellationToken) => (await FindAsync(job, mayReplace: true, cancellationToken))!;

    /// <summary>The engine for this job without disturbing anybody: the one that there is, if it serves the job; a new one, if there is none; else null.</summary>
    public Task<EngineThread?> BesideAsync(JobSpec job, CancellationToken cancellationToken) => FindAsync(job, mayReplace: false, cancellationToken);

    private async Task<EngineThread?> FindAsync(JobSpec job, bool mayReplace, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current)
            {
                // An engine that could not be made or kept is made anew: the next attempt may find the disk or the memory it needs.
                if (!current.Engine.HasEnded && Serves(current.Job, job)) return current.Engine;
                if (!current.Engine.HasEnded && !mayReplace) return null;
                _current = null;
                await current.Engine.DisposeAsync();
            }
            var engine = new EngineThread(() => factory.Create(job), gauge, time, instruments: instruments, name: name);
            _current = (job, engine);
            return engine;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>True when an engine that was made for one job can compute another: the same, or of the same weights and with room for every prompt and answer.</summary>
    private static bool Serves(JobSpec made, JobSpec job)
    {
        if (EngineKeys.Of(made) == EngineKeys.Of(job)) return true;
        if (made.Model != job.Model || made.Routing != job.Routing || (job.BatchSize != 0 && job.BatchSize != made.BatchSize)) return false;
        if (EngineKeys.LimitsOf(made) is not { } room || EngineKeys.NewTokensOf(job) > room.NewTokens) return false;
        // A token is at least one byte.
        return job.Prompts.All(p => Encoding.UTF8.GetByteCount(p.Text) <= room.PromptTokens) && (EngineKeys.LimitsOf(job)?.PromptTokens ?? 0) <= room.PromptTokens;
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        if (_current is { } current) await current.Engine.DisposeAsync();
        _current = null;
        _gate.Release();
    }
}
