using System.Collections.Concurrent;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Dashboard.Gallery;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tokens;

namespace Dpvr.Cli.Web;

/// <summary>
/// Gives an answer's words their log-probabilities. Records hold numbers, not tokens: the text is tokenised again, and where that gives another number of tokens (a stop text cut
/// it, or the model wrote it in another way) there are no words rather than wrong ones.
/// </summary>
internal sealed class WordSplitter
{
    private readonly ConcurrentDictionary<string, Tokenizer?> _tokenizers = new(StringComparer.Ordinal);

    public IReadOnlyList<AnswerWord> Split(ModelSpec model, ItemRecord record)
    {
        if (record is not { Text.Length: > 0, TokenLogprobs: { Count: > 0 } logprobs } || _tokenizers.GetOrAdd(model.Path, Load) is not { } tokenizer) return [];
        var ids = tokenizer.Encode(record.Text, addBos: false);
        // The end of an answer is a token, too, that its text does not show.
        return ids.Count == logprobs.Count || ids.Count == logprobs.Count - 1 ? Words(tokenizer, ids, logprobs) : [];
    }

    internal static IReadOnlyList<AnswerWord> Words(Tokenizer tokenizer, IReadOnlyList<int> ids, IReadOnlyList<float> logprobs)
    {
        var decoder = new IncrementalDecoder(tokenizer);
        var words = new List<AnswerWord>();
        for (var i = 0; i < ids.Count; i++)
        {
            var text = decoder.Push(ids[i]) + (i == ids.Count - 1 ? decoder.Flush() : "");
            if (words.Count > 0 && !text.StartsWith(' ')) words[^1] = new AnswerWord(words[^1].Text + text, words[^1].Logprob + logprobs[i]);
            else words.Add(new AnswerWord(text, logprobs[i]));
        }
        return words;
    }

    private static Tokenizer? Load(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Tokenizer.Load(folder) : null; // the model may lie with the workers alone
        }
        catch (CheckpointException)
        {
            return null;
        }
    }
}
