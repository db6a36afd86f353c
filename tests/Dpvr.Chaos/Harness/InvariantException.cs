namespace Dpvr.Chaos.Harness;

/// <summary>An invariant of docs/reliability.md does not hold.</summary>
internal sealed class InvariantException(IReadOnlyList<string> broken, string message) : Exception(message)
{
    public InvariantException(string invariant, string message) : this([invariant], $"{invariant}: {message}") { }

    /// <summary>Which: <c>I1</c> to <c>I7</c>.</summary>
    public IReadOnlyList<string> Broken { get; } = broken;
}
