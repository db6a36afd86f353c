namespace Dpvr.Data.Verification;

/// <summary>Something that does not hold.</summary>
/// <param name="Invariant">Which: <c>I1</c> to <c>I4</c> of the reliability rules.</param>
/// <param name="File">Where, relative to the output.</param>
/// <param name="Line">The line, from 1; null when it concerns the file.</param>
/// <param name="CustomId">The item; null when it concerns none.</param>
/// <param name="Message">What is wrong.</param>
public sealed record Finding(string Invariant, string File, long? Line, string? CustomId, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Invariant} {File}{(Line is { } line ? $":{line}" : "")}{(CustomId is { } id ? $" [{id}]" : "")}: {Message}";
}
