namespace Dpvr.Scenes;

/// <summary>What a caption claims, in its own words.</summary>
internal sealed class ParsedCaption
{
    /// <summary>Objects in the order they are listed.</summary>
    public List<(string Size, string Colour, string Shape)> Objects { get; } = [];

    /// <summary>Stated relations; a side is empty where the sentence could not be read.</summary>
    public List<(string[] First, string Side, string[] Second)> Relations { get; } = [];

    /// <summary>The number it states, -1 where the word is no number, null where it states none.</summary>
    public int? StatedCount { get; set; }

    /// <summary>Pattern word of the background, null where it states none.</summary>
    public string? Pattern { get; set; }

    /// <summary>Colour word of the background, null where it states none.</summary>
    public string? Background { get; set; }
}
