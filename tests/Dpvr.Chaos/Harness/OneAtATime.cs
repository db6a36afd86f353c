namespace Dpvr.Chaos.Harness;

/// <summary>The collection of every class that starts clusters: two at a time would only measure each other on a small machine.</summary>
internal static class OneAtATime
{
    public const string Name = "clusters";
}
