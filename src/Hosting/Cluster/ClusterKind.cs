namespace Dpvr.Hosting.Cluster;

/// <summary>Membership stores.</summary>
public enum ClusterKind
{
    /// <summary>Redis, the default for clusters.</summary>
    Redis,

    /// <summary>PostgreSQL.</summary>
    Postgres,
}
