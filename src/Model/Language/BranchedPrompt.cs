namespace Dpvr.Model.Language;

/// <summary>
/// Token ids that several continuations share (the picture among them), and the continuations: each sees the shared tokens and
/// itself, and stands at the positions it would have alone. Nothing about a picture depends on the text after it, so the
/// picture is computed once for all its questions.
/// </summary>
/// <param name="Shared">Tokens before the branches, one image token for each image.</param>
/// <param name="Branches">Continuations; empty for a plain prompt.</param>
public sealed record BranchedPrompt(IReadOnlyList<int> Shared, IReadOnlyList<IReadOnlyList<int>> Branches);
