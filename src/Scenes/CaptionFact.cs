namespace Dpvr.Scenes;

/// <summary>One fact of a caption, compared with the scene.</summary>
public readonly record struct CaptionFact(CaptionFactKind Kind, bool IsRight);
