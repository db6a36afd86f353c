namespace Dpvr.Silo.Chat;

/// <summary>Answers one question about one picture, at once.</summary>
public interface IChatEngine
{
    /// <summary>Answers it.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="onText">Told each piece of the answer as it is made; put together they are the answer's text. May be told all of it at once. Called from any thread, one call after the other.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ChatUnavailableException">There is nothing that could answer now.</exception>
    Task<ChatAnswer> AnswerAsync(ChatAsk ask, Action<string>? onText, CancellationToken cancellationToken);
}
