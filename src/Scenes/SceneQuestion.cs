namespace Dpvr.Scenes;

/// <summary>A question about a scene with its one right answer of one to four words, in lower case and without a full stop.</summary>
public sealed record SceneQuestion(QuestionKind Kind, string Question, string Answer);
