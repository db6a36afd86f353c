namespace Dpvr.Silo.Chat;

/// <summary>Nothing can answer now; the same question may be asked again.</summary>
public sealed class ChatUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
