namespace Dpvr.Model.Training;

/// <summary>How a training run goes.</summary>
public sealed record TrainingOptions
{
    /// <summary>Optimiser steps. Default: 6000.</summary>
    public int Steps { get; init; } = 6000;

    /// <summary>Pictures a step. Default: 32.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Peak learning rate, reached after the warm-up and then lowered along a cosine. Default: 0.001.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Steps of linear warm-up. Default: 300.</summary>
    public int Warmup { get; init; } = 300;

    /// <summary>Decoupled weight decay on matrices. Default: 0.05.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Gradients are scaled down to this norm. Default: 1.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>
    /// First steps in which the tower alone learns from patch labels, at a fraction of a whole step's cost. Default: 0.
    /// </summary>
    public int VisionSteps { get; init; }

    /// <summary>Weight of the patch loss beside the text loss. Default: 1.</summary>
    public double PatchLossWeight { get; init; } = 1;

    /// <summary>
    /// Share of steps in which vision tokens skip the layers between saturation and fusion, so that the text-only path of
    /// DPVR-LF is learned along with the dense one. Default: 0.
    /// </summary>
    public double RoutingDropout { get; init; }

    /// <summary>Saturation layer of those steps. Default: half of the layers.</summary>
    public int? Saturation { get; init; }

    /// <summary>Seed of everything random but the examples. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Steps between saved states. Default: 250.</summary>
    public int SaveEvery { get; init; } = 250;

    /// <summary>Threads that prepare batches. Default: 1.</summary>
    public int PreparationThreads { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(Steps > 0, nameof(Steps), Steps, "at least 1");
        Require(Batch > 0, nameof(Batch), Batch, "at least 1");
        Require(LearningRate is > 0 and < 1, nameof(LearningRate), LearningRate, "above 0 and below 1");
        Require(Warmup >= 0, nameof(Warmup), Warmup, "at least 0");
        Require(VisionSteps >= 0 && VisionSteps < Steps, nameof(VisionSteps), VisionSteps, $"from 0 to below Steps ({Steps})");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        Require(RoutingDropout is >= 0 and <= 1, nameof(RoutingDropout), RoutingDropout, "from 0 to 1");
        Require(SaveEvery > 0, nameof(SaveEvery), SaveEvery, "at least 1");
        Require(PreparationThreads > 0, nameof(PreparationThreads), PreparationThreads, "at least 1");
    }

    /// <summary>Learning rate of a step, counted from 0: a warm-up and a cosine for the steps of the tower alone, and again for the rest.</summary>
    public double LearningRateAt(int step) =>
        step < VisionSteps ? Schedule(step, VisionSteps) : Schedule(step - VisionSteps, Steps - VisionSteps);

    private double Schedule(int step, int steps) =>
        step < Warmup
            ? LearningRate * (step + 1) / Warmup
            : LearningRate * (0.02 + 0.98 * 0.5 * (1 + Math.Cos(Math.PI * (step - Warmup) / Math.Max(1, steps - Warmup))));

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds) throw new ArgumentException($"{option} is {value}; allowed: {allowed}.");
    }
}
