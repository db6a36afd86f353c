namespace Dpvr.Model.Training;

/// <summary>One picture with a conversation about it.</summary>
/// <param name="Pixels">Resized pixels (3, S, S), 8 bit.</param>
/// <param name="Tokens">Token ids with one image token for the picture.</param>
/// <param name="IsTarget">True where the model shall learn to write the token.</param>
/// <param name="PatchLabels">A class per patch for each head of <see cref="PatchSupervision"/>; null when there is no such ground truth.</param>
public sealed record TrainingExample(byte[] Pixels, IReadOnlyList<int> Tokens, IReadOnlyList<bool> IsTarget, IReadOnlyList<byte[]>? PatchLabels = null);
