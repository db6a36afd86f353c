namespace Dpvr.Workers.Engine;

/// <summary>What computes.</summary>
public sealed record EngineDescription
{
    /// <summary>Name of the model, as it stands in the results.</summary>
    public required string Model { get; init; }

    /// <summary>Identity of the weights: part of every result's work identity.</summary>
    public required string Revision { get; init; }

    /// <summary><c>dense</c>, <c>withdraw</c> or <c>dpvr-lf</c>.</summary>
    public required string Routing { get; init; }

    /// <summary>As in <c>cpu</c> or <c>cuda:0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>As in <c>float32</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>Sequences that are computed together.</summary>
    public required int Slots { get; init; }

    /// <summary>Bytes of the weights, planned; 0 where that is not known.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Bytes for keys and values, planned.</summary>
    public long KeyValueBytes { get; init; }

    /// <summary>Bytes that a pass may need, planned.</summary>
    public long PassBytes { get; init; }

    /// <summary>Bytes that the plan leaves free, of those that were free before anything was loaded; null where that cannot be read.</summary>
    public long? FreeBytes { get; init; }
}
