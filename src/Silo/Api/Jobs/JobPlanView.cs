namespace Dpvr.Silo.Api.Jobs;

/// <summary>What a job would be, without beginning it.</summary>
public sealed record JobPlanView
{
    /// <summary>Pictures found.</summary>
    public required long Images { get; init; }

    /// <summary>Pictures that are known to fail already, as links that lead outside.</summary>
    public required long Unreadable { get; init; }

    /// <summary>Bytes of them.</summary>
    public required long Bytes { get; init; }

    /// <summary>Requests: pictures × prompts.</summary>
    public required long Requests { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The routing.</summary>
    public required string Routing { get; init; }

    /// <summary>Accelerator-seconds that it will take, by what the last jobs with the same model and routing took; null when there is none to go by.</summary>
    public double? EngineSeconds { get; init; }

    /// <summary>The job that the estimate comes from.</summary>
    public string? EstimateFrom { get; init; }
}
