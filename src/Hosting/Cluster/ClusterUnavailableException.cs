namespace Dpvr.Hosting.Cluster;

/// <summary>The cluster cannot be reached: its membership store, or any silo of it.</summary>
public sealed class ClusterUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
