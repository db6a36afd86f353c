using Dpvr.Hosting.Cluster;

namespace Dpvr.Cli.Cluster;

/// <summary>The cluster that a job is given to.</summary>
/// <param name="Cluster">Where it is.</param>
/// <param name="Store">Its store.</param>
/// <param name="Detach">True: do not wait for the end.</param>
internal sealed record ClusterTarget(DpvrClusterOptions Cluster, string Store, bool Detach);
