namespace Dpvr.Contracts.Workers;

/// <summary>What a worker says of itself every few seconds. Sums are since its start.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.WorkerReport")]
public sealed record WorkerReport
{
    /// <summary>Its name, as in leases.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>When, by the worker's clock.</summary>
    [Id(1)] public DateTimeOffset At { get; init; }

    /// <summary>When it started, by the worker's clock.</summary>
    [Id(2)] public DateTimeOffset Since { get; init; }

    /// <summary>Device of its engine, as in <c>cpu</c> or <c>cuda:0</c>; null while it has none.</summary>
    [Id(3)] public string? Device { get; init; }

    /// <summary>Precision of its engine.</summary>
    [Id(4)] public string? Dtype { get; init; }

    /// <summary>Model of its engine.</summary>
    [Id(5)] public string? Model { get; init; }

    /// <summary>Routing of its engine.</summary>
    [Id(6)] public string? Routing { get; init; }

    /// <summary>Sequences that its engine can compute together.</summary>
    [Id(7)] public int Slots { get; init; }

    /// <summary>Pictures done.</summary>
    [Id(8)] public long Images { get; init; }

    /// <summary>Tokens made.</summary>
    [Id(9)] public long Tokens { get; init; }

    /// <summary>Shards in hand.</summary>
    [Id(10)] public int Shards { get; init; }

    /// <summary>Pictures computed and not yet committed.</summary>
    [Id(11)] public int ImagesInHand { get; init; }

    /// <summary>Seconds that the engine had no work, by cause (<c>queue</c>, <c>fetch</c>, <c>decode</c>, <c>write</c>).</summary>
    [Id(12)] public IReadOnlyDictionary<string, double> Waits { get; init; } = new Dictionary<string, double>();

    /// <summary>Bytes of the engine's weights, planned.</summary>
    [Id(13)] public long WeightBytes { get; init; }

    /// <summary>Bytes reserved for keys and values, planned.</summary>
    [Id(14)] public long KeyValueBytes { get; init; }

    /// <summary>Bytes that a pass may need, planned.</summary>
    [Id(15)] public long PassBytes { get; init; }

    /// <summary>Bytes that the engine's process takes, measured.</summary>
    [Id(16)] public long ProcessBytes { get; init; }

    /// <summary>Why it has no engine, or cannot reach its store.</summary>
    [Id(17)] public string? Trouble { get; init; }

    /// <summary>Sequences that the engine computes now, of <see cref="Slots"/>.</summary>
    [Id(18)] public int Running { get; init; }

    /// <summary>Requests that wait for a slot.</summary>
    [Id(19)] public int Waiting { get; init; }

    /// <summary>What the engine waits for now, a cause as in <see cref="Waits"/>; null while it computes or there is none.</summary>
    [Id(20)] public string? WaitsFor { get; init; }

    /// <summary>Seconds that engines computed, by phase (<c>vision</c>, <c>prefill</c>, <c>decode</c>).</summary>
    [Id(21)] public IReadOnlyDictionary<string, double> Busy { get; init; } = new Dictionary<string, double>();

    /// <summary>Bytes that the plan leaves free on what the engine computes with; null where that cannot be read.</summary>
    [Id(22)] public long? FreeBytes { get; init; }

    /// <summary>Bytes of the engine's weights, measured on what was loaded.</summary>
    [Id(23)] public long WeightBytesMeasured { get; init; }

    /// <summary>Bytes reserved for keys and values, measured on the buffers.</summary>
    [Id(24)] public long KeyValueBytesMeasured { get; init; }

    /// <summary>Those of them that a sequence reads now.</summary>
    [Id(25)] public long KeyValueBytesUsed { get; init; }

    /// <summary>Bytes that are free now, measured.</summary>
    [Id(26)] public long? FreeBytesMeasured { get; init; }
}
