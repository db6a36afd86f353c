namespace Dpvr.Dashboard.NewJob;

/// <summary>A draft that cannot be a job; the message says which member is wrong and what is allowed.</summary>
public sealed class DraftRefusedException(string message, Exception? inner = null) : Exception(message, inner);
