namespace Dpvr.Cli.Eval;

/// <summary>What a model said.</summary>
/// <param name="Text">The text; empty when it failed.</param>
/// <param name="CutOff">It reached the longest length that was allowed.</param>
/// <param name="Error">Code of a failure; null when all is well.</param>
internal sealed record EvalAnswer(string Text, bool CutOff = false, string? Error = null);
