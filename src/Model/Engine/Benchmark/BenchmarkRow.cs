using Dpvr.Model.Layers;

namespace Dpvr.Model.Engine.Benchmark;

/// <summary>One measured run.</summary>
public sealed record BenchmarkRow
{
    public required string Routing { get; init; }

    /// <summary>Precision of the weights, as <c>--dtype</c> calls it.</summary>
    public required string Dtype { get; init; }

    public required int Batch { get; init; }

    public required int Images { get; init; }

    /// <summary>Prompt length, vision tokens counted.</summary>
    public required int PromptTokens { get; init; }

    public required int NewTokens { get; init; }

    /// <summary>From the first request to the last answer.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor time of all threads meanwhile: what else the machine does hardly changes it.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Of these, in prefills (vision tower included).</summary>
    public required double PrefillSeconds { get; init; }

    /// <summary>Of these, in decode steps.</summary>
    public required double DecodeSeconds { get; init; }

    /// <summary>Of the prefills, in tower and projector: measured apart, over as many pictures at a time.</summary>
    public required double VisionSeconds { get; init; }

    /// <summary>Neither in prefills nor in decode steps: what the host does between them.</summary>
    public double OtherSeconds => Seconds - PrefillSeconds - DecodeSeconds;

    /// <summary>Questions about each image.</summary>
    public int Questions { get; init; } = 1;

    /// <summary>Of the time in prefills, what went into products and attention.</summary>
    public ComputeTime Prefill { get; init; }

    /// <summary>Of the time in decode steps, what went into products and attention.</summary>
    public ComputeTime Decode { get; init; }

    public double ImagesPerSecond => Images / Seconds;

    /// <summary>New tokens a second of the whole run.</summary>
    public double TokensPerSecond => (double)Images * Questions * NewTokens / Seconds;

    /// <summary>New tokens a second of decode steps alone.</summary>
    public double DecodeTokensPerSecond => DecodeSeconds == 0 ? 0 : (double)Images * Questions * (NewTokens - 1) / DecodeSeconds;

    /// <summary>Prompt tokens a second of prefills alone.</summary>
    public double PrefillTokensPerSecond => (double)Images * Questions * PromptTokens / PrefillSeconds;

    /// <summary>Bytes reserved for keys and values.</summary>
    public required long KeyValueBytes { get; init; }

    /// <summary>Most memory the process had resident during the run; 0 where the system does not say.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>Operations of one image's tower, projector and prefill.</summary>
    public required double PrefillFlops { get; init; }

    /// <summary>Operations of one sequence's decode steps.</summary>
    public required double DecodeFlops { get; init; }
}
