namespace Dpvr.Dashboard.NewJob;

/// <summary>A picture with answers to a draft's prompts.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Picture">A small JPEG of it; null when it cannot be shown.</param>
/// <param name="Answers">Prompt, answer or error, and whether it is an error.</param>
/// <param name="Seconds">How long the answers took.</param>
public sealed record DraftTry(string Id, byte[]? Picture, IReadOnlyList<(string Prompt, string Text, bool IsError)> Answers, double Seconds);
