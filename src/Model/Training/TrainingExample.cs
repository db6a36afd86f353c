using Dpvr.Model.Language;

namespace Dpvr.Model.Training;

/// <summary>One picture with one or several separate conversations about it.</summary>
/// <param name="Pixels">Resized pixels (3, S, S), 8 bit.</param>
/// <param name="Prompt">What the conversations share, up to the picture, and each conversation after it.</param>
/// <param name="IsTarget">For each branch of the prompt: true where the model shall learn to write the token.</param>
/// <param name="PatchLabels">A class per patch for each head of <see cref="PatchSupervision"/>; null when there is no such ground truth.</param>
public sealed record TrainingExample(
    byte[] Pixels, BranchedPrompt Prompt, IReadOnlyList<IReadOnlyList<bool>> IsTarget, IReadOnlyList<byte[]>? PatchLabels = null);
