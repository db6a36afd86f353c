namespace Dpvr.Workers.Engine;

/// <summary>The engine itself failed, so every request that it held is lost: the shards they belong to are reported as failed.</summary>
public sealed class EngineFaultException(string message, Exception? inner = null) : Exception(message, inner);
