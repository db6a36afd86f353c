namespace Dpvr.Chaos.Harness;

/// <summary>A member's environment with a fault at an exact point.</summary>
internal static class Failpoint
{
    /// <param name="points">As in <c>after-done=kill@3</c>.</param>
    public static (string Name, string Value) At(params string[] points) => ("DPVR_FAILPOINTS", string.Join(';', points));
}
