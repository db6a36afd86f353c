namespace Dpvr.Scenes;

/// <summary>What a question asks about.</summary>
public enum QuestionKind
{
    /// <summary>"What color is the circle?"</summary>
    ColourOf,

    /// <summary>"What shape is the red object?"</summary>
    ShapeOf,

    /// <summary>"How many red objects are there?"</summary>
    HowMany,

    /// <summary>"Is there a red circle?"</summary>
    IsThere,

    /// <summary>"What is left of the red circle?"</summary>
    LeftOf,

    /// <summary>"What is right of the red circle?"</summary>
    RightOf,

    /// <summary>"What is above the red circle?"</summary>
    Above,

    /// <summary>"What is below the red circle?"</summary>
    Below,

    /// <summary>"Is the circle left of the square?"</summary>
    Relation,
}
