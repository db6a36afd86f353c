using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Jobs;

/// <summary>What is to be done: every prompt on every picture of the source, with one model. Written once as <c>job.json</c>.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.JobSpec")]
public sealed record JobSpec
{
    /// <summary>Where the pictures are.</summary>
    [Id(0)] public required SourceSpec Source { get; init; }

    /// <summary>The prompts, each answered once for each picture; at least one, names unique. For a source of requests exactly one: <see cref="PromptSpec.OfRequests"/>.</summary>
    [Id(1)] public required IReadOnlyList<PromptSpec> Prompts { get; init; }

    /// <summary>The model.</summary>
    [Id(2)] public required ModelSpec Model { get; init; }

    /// <summary>How vision tokens go through the layers.</summary>
    [Id(3)] public RoutingSpec Routing { get; init; } = new();

    /// <summary>How tokens are chosen.</summary>
    [Id(4)] public SamplingSpec Sampling { get; init; } = new();

    /// <summary>What is written, and where.</summary>
    [Id(5)] public required OutputSpec Output { get; init; }

    /// <summary>Sequences the engine runs at once; 0 lets the engine choose. Results do not depend on it. Default: 0.</summary>
    [Id(6)] public int BatchSize { get; init; }

    /// <summary>Pictures of a shard, at most 4096; 0 lets the planner choose. Results do not depend on it. Default: 0.</summary>
    [Id(7)] public int ShardSize { get; init; }

    /// <summary>Attempts after which an item is given up. Default: 3.</summary>
    [Id(8)] public int MaxAttempts { get; init; } = 3;

    /// <summary>Share of the accelerators' time against other jobs. Default: 1.</summary>
    [Id(9)] public double Weight { get; init; } = 1;

    /// <summary>Jobs of a higher priority get every shard they can use before any of a lower one. Default: 0.</summary>
    [Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Priority { get; init; }

    /// <summary>Room for what the rows of a source of requests ask; null there means the defaults. Results do not depend on it. Default: null.</summary>
    [Id(11)] public RequestLimits? Limits { get; init; }
}
