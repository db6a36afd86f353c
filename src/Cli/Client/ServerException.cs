namespace Dpvr.Cli.Client;

/// <summary>The server does not answer, or could not do what it was asked.</summary>
internal sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner);
