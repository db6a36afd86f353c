namespace Dpvr.Model.Engine;

/// <summary>Tokens of a step that read the same prefix, so that its keys and values are read once for all of them.</summary>
/// <param name="Indices">Which tokens of the step.</param>
/// <param name="InRuns">
/// True when each belongs to a sequence that brings many at once. They are computed apart from single ones, in another order of summation:
/// which order a token gets depends on its own sequence alone.
/// </param>
internal sealed record StepGroup(int[] Indices, bool InRuns)
{
    /// <summary>Tokens of one sequence in one step from which on they are many.</summary>
    internal const int Run = 12;
}
