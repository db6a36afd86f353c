namespace Dpvr.Scenes;

/// <summary>What a fact of a caption is about.</summary>
public enum CaptionFactKind
{
    /// <summary>How many objects are listed, and how many are said to be there.</summary>
    Number,

    /// <summary>Size of the object at a place from the left.</summary>
    Size,

    /// <summary>Colour of the object at a place from the left.</summary>
    Colour,

    /// <summary>Shape of the object at a place from the left.</summary>
    Shape,

    /// <summary>Pattern of the background, and its colour.</summary>
    Background,

    /// <summary>One stated relation between two objects.</summary>
    Relation,
}
