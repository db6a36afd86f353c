using Dpvr.Contracts.Jobs;
using Dpvr.Hosting.Telemetry;

namespace Dpvr.Cli.Caption;

/// <summary>One <c>dpvr caption</c>, checked.</summary>
internal sealed record CaptionSettings
{
    public required string Folder { get; init; }

    /// <summary>What <see cref="Folder"/> is: one of the kinds of source.</summary>
    public string SourceKind { get; init; } = SourceKinds.Folder;

    public required string Output { get; init; }

    /// <summary>Empty: the model's own caption prompt.</summary>
    public required IReadOnlyList<NamedPrompt> Prompts { get; init; }

    /// <summary>A model folder, or null for the shipped model.</summary>
    public string? Model { get; init; }

    /// <summary><c>dense</c>, <c>withdraw</c>, <c>dpvr-lf</c>, or null: dpvr-lf where the model has a side branch, else dense.</summary>
    public string? Routing { get; init; }

    /// <summary>Vision tokens of a picture that are kept, or null: all.</summary>
    public int? VisualTokens { get; init; }

    public bool Recursive { get; init; }
    public IReadOnlyList<string> Globs { get; init; } = [];
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Sequences that are computed together, or null: what fits the memory.</summary>
    public int? BatchSize { get; init; }

    public double Temperature { get; init; }
    public int TopK { get; init; }
    public double TopP { get; init; } = 1;
    public long Seed { get; init; }
    /// <summary>Hosts that URLs may name although they are not public.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public string? Device { get; init; }
    public string? Dtype { get; init; }
    public int Threads { get; init; } = Environment.ProcessorCount;
    public bool Overwrite { get; init; }
    public bool RetryFailed { get; init; }
    public bool Sidecars { get; init; }
    public bool AllowFailures { get; init; }
    public bool Json { get; init; }
    public bool Verbose { get; init; }
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>The cluster that computes it, or null: this process does.</summary>
    public Cluster.ClusterTarget? Cluster { get; init; }
}
