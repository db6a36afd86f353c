namespace Dpvr.Model.Training.Benchmark;

/// <summary>One training step of the side branch and one forward pass over the same batch.</summary>
public sealed record TrainingRow
{
    /// <summary>Pictures, one conversation each.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of a conversation, vision tokens counted.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tower, decoder and loss without a graph.</summary>
    public required double ForwardSeconds { get; init; }

    /// <summary>The same with gradients, clipping and AdamW's step.</summary>
    public required double StepSeconds { get; init; }

    public double Ratio => StepSeconds / ForwardSeconds;

    /// <summary>Most memory the process had resident in the forward pass; 0 where the system does not say.</summary>
    public required long ForwardPeakBytes { get; init; }

    /// <summary>Most memory the process had resident in the step.</summary>
    public required long StepPeakBytes { get; init; }

    /// <summary>Gradients and AdamW's two moments of the side branch; there before the forward pass too, from the step that warmed up.</summary>
    public required long StateBytes { get; init; }
}
