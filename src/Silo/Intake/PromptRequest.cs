namespace Dpvr.Silo.Intake;

/// <summary>A prompt or question.</summary>
/// <param name="Name">Stands in every result; a letter, then up to 31 of a-z, A-Z, 0-9, '-', '_'. Default: <c>caption</c> for the first, <c>q2</c>, <c>q3</c>, … for others.</param>
/// <param name="Text">What the model is asked.</param>
public sealed record PromptRequest(string? Name, string? Text);
