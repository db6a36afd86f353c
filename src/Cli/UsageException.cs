namespace Dpvr.Cli;

/// <summary>Something that the user asked for cannot be; the message names the option, its value and what is allowed.</summary>
public sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
