using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Engine;

/// <summary>The worker's one engine: made for the first job that asks, replaced when a job wants another model or routing.</summary>
public sealed class EngineHost(IEngineFactory factory, PipelineGauge gauge, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private (string Key, EngineThread Engine)? _current;

    /// <summary>The engine for this job; its creation goes on in its own thread (see <see cref="EngineThread.Ready"/>).</summary>
    public async Task<EngineThread> ForAsync(JobSpec job, CancellationToken cancellationToken)
    {
        var key = EngineKeys.Of(job);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current)
            {
                // An engine that could not be made or kept is made anew: the next attempt may find the disk or the memory it needs.
                if (current.Key == key && !current.Engine.HasEnded) return current.Engine;
                _current = null;
                await current.Engine.DisposeAsync();
            }
            var engine = new EngineThread(() => factory.Create(job), gauge, time);
            _current = (key, engine);
            return engine;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        if (_current is { } current) await current.Engine.DisposeAsync();
        _current = null;
        _gate.Release();
    }
}
