namespace Dpvr.Dashboard.NewJob;

/// <summary>A prompt in a form.</summary>
public sealed class DraftPrompt
{
    /// <summary>Its name in the results.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the model is asked.</summary>
    public string Text { get; set; } = "";
}
