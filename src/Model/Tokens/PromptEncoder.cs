namespace Dpvr.Model.Tokens;

/// <summary>
/// Turns questions and conversations into token ids. What a model is asked (a conversation up to a user's turn) is always
/// an exact prefix of what it is trained on (the same conversation with the answer). Safe to use from several threads.
/// </summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="template">The checkpoint's conversation layout.</param>
/// <param name="imageTokenId">The id that stands for a picture (<c>image_token_index</c> of config.json).</param>
public sealed class PromptEncoder(Tokenizer tokenizer, ChatTemplate template, int imageTokenId)
{
    /// <summary>Id of the token that ends an answer; null when the tokenizer has none.</summary>
    public int? EndId => tokenizer.EosId;

    /// <summary>One question about <paramref name="images"/> pictures, up to where the answer begins.</summary>
    public PromptTokens Encode(string prompt, int images) => EncodeConversation([new ChatTurn(ChatRole.User, prompt)], images);

    /// <summary>A conversation whose pictures are those that its user turns have markers for.</summary>
    public PromptTokens EncodeConversation(IReadOnlyList<ChatTurn> turns) => EncodeConversation(turns, ChatTemplate.CountMarkers(turns));

    /// <summary>A conversation about <paramref name="images"/> pictures. Error <see cref="PromptError.ImageCount"/>: as <see cref="ChatTemplate.Render(IReadOnlyList{ChatTurn}, int)"/>.</summary>
    public PromptTokens EncodeConversation(IReadOnlyList<ChatTurn> turns, int images) => Encode(template.Parts(turns, images, out var error), error);

    private PromptTokens Encode(List<ChatPart> parts, PromptError? error)
    {
        if (error is not null) return new PromptTokens { Error = error };
        var ids = new List<int>();
        var targets = new List<bool>();
        string gap = "";
        foreach (var (text, kind) in parts)
        {
            switch (kind)
            {
                case ChatPartKind.Prompt: EncodePrompt(text, ids); break;
                case ChatPartKind.Gap: gap = text; break;
                case ChatPartKind.Answer: tokenizer.EncodeContinuation(gap + text, ids); break;
                case ChatPartKind.End when EndId is { } end: ids.Add(end); break;
            }
            targets.AddRange(Enumerable.Repeat(kind is ChatPartKind.Answer or ChatPartKind.End, ids.Count - targets.Count));
        }
        return new PromptTokens { Ids = [.. ids], IsTarget = [.. targets], Images = ids.Count(id => id == imageTokenId) };
    }

    private void EncodePrompt(string text, List<int> ids)
    {
        bool start = ids.Count == 0;
        if (start && tokenizer.BosId is { } bos) ids.Add(bos);
        // The tokenizer may give the marker another id than the model, or, as Vicuna's, not know it at all.
        string[] stretches = text.Split(ChatTemplate.ImageMarker);
        for (int i = 0; i < stretches.Length; i++)
        {
            if (i > 0) ids.Add(imageTokenId);
            tokenizer.EncodeStretch(stretches[i], start && i == 0, ids);
        }
    }
}
