namespace Dpvr.Model.Checkpoints;

/// <summary>A checkpoint that is refused; the message names the file, the tensor, its value and what is allowed.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
