namespace Dpvr.Scenes;

/// <summary>One thing that is true of a scene.</summary>
/// <param name="Kind">"count", "size", "colour", "shape", "pattern" or "background".</param>
/// <param name="Place">The object's place from the left, from 0; -1 for facts about the whole picture.</param>
/// <param name="Value">The word that states it.</param>
public sealed record SceneFact(string Kind, int Place, string Value);
