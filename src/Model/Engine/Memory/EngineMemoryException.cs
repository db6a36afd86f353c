namespace Dpvr.Model.Engine;

/// <summary>The engine asked for does not fit into memory.</summary>
public sealed class EngineMemoryException(string message) : Exception(message)
{
    /// <summary>The largest batch that would fit; 0 when none does.</summary>
    public int SlotsThatFit { get; init; }
}
