using System.Runtime;

namespace Dpvr.Model.Runtime;

/// <summary>
/// Keeps the garbage collector away from TorchSharp code that makes temporary scalars of its own (its optimisers do, several
/// for every parameter), which may be finalised while a native call still reads them.
/// </summary>
internal readonly struct CollectorPause : IDisposable
{
    private const long Budget = 32 << 20; // an optimiser step allocates some hundred KB; batches in the making, some MB

    private readonly bool _begun;

    private CollectorPause(bool begun) => _begun = begun;

    internal static CollectorPause Begin() =>
        new(GCSettings.LatencyMode != GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(Budget));

    public void Dispose()
    {
        // Other threads may have used the budget up, which ends the pause by itself.
        if (!_begun || GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) return;
        try { GC.EndNoGCRegion(); }
        catch (InvalidOperationException) { }
    }
}
