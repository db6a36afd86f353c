namespace Dpvr.Model.Training;

/// <summary>What a step showed.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="TextLoss">Mean cross entropy of target tokens, nats.</param>
/// <param name="TokensRight">Share of target tokens predicted right.</param>
/// <param name="PatchLoss">Mean cross entropy of patch labels, nats; 0 without patch supervision.</param>
/// <param name="PatchesRight">Share of patches right in every head.</param>
/// <param name="GradientNorm">Norm before clipping.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="PicturesPerSecond">Since the last report.</param>
public sealed record TrainingProgress(
    int Step, int Steps, double TextLoss, double TokensRight, double PatchLoss, double PatchesRight,
    double GradientNorm, double LearningRate, double PicturesPerSecond);
