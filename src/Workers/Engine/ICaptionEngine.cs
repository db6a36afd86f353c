using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Engine;

/// <summary>
/// What a worker needs of an engine. All members but <see cref="Pictures"/> and <see cref="FreeBytes"/> are called from one dedicated thread
/// (<see cref="EngineThread"/>), which also creates and disposes the engine, because tensors' scopes belong to a thread.
/// </summary>
public interface ICaptionEngine : IDisposable
{
    /// <summary>What computes: for the results, the progress and the log.</summary>
    EngineDescription Description { get; }

    /// <summary>The model's image processing, for other threads: it keeps working while the engine steps.</summary>
    IPicturePreparer Pictures { get; }

    /// <summary>Requests that can be submitted now without waiting for others to finish.</summary>
    int FreeSlots { get; }

    /// <summary>True when nothing is submitted that has not been completed.</summary>
    bool IsIdle { get; }

    /// <summary>What it holds and has done, for those who watch it.</summary>
    EngineLoad Load => default;

    /// <summary>Bytes that are free now on what it computes with; null where that cannot be read.</summary>
    long? FreeBytes => null;

    /// <summary>Takes a request; its completion comes out of a later <see cref="Step"/>.</summary>
    void Submit(EngineRequest request);

    /// <summary>Schedule, run, postprocess: one round over all live sequences. Returns those that ended in it.</summary>
    IReadOnlyList<EngineCompletion> Step();
}
