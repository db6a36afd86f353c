using Dpvr.Silo.Messages.Replies;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>Whom to answer about one picture of a window.</summary>
/// <param name="CustomId">The sender's id.</param>
/// <param name="Reply">Where the answer goes; null: to whoever listens.</param>
internal sealed record WindowItem(string? CustomId, ReplyTo? Reply);
