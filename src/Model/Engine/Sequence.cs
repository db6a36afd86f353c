namespace Dpvr.Model.Engine;

/// <summary>A request on its way: what the scheduler, the caches and the sampler know of it.</summary>
internal sealed class Sequence(GenerationRequest request, PromptSplit prompt, long queuedAt)
{
    internal GenerationRequest Request => request;

    internal PromptSplit Prompt => prompt;

    /// <summary>Length of the prompt, vision tokens counted.</summary>
    internal int PromptTokens => prompt.Length;

    internal List<int> Tokens { get; } = [];

    internal List<float> LogProbs { get; } = [];

    /// <summary>Own tokens whose keys and values are stored.</summary>
    internal int StoredOwn { get; set; }

    /// <summary>Tokens that go through the decoder next: first what stands behind the image, then the newest one.</summary>
    internal IReadOnlyList<int> Pending { get; set; } = prompt.Suffix;

    /// <summary>Position of the next token.</summary>
    internal int NextPosition => prompt.Layout.Length + StoredOwn + Pending.Count;

    /// <summary>Its row in the caches; -1 while it waits.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>The prefix that it reads; -1 for none.</summary>
    internal int Entry { get; set; } = -1;

    internal Random Random { get; } = new(request.Sampling.Seed);

    internal HashSet<int> StopIds { get; } = [.. request.Stop.TokenIds];

    internal FinishReason? Finish { get; set; }

    internal GenerationError? Error { get; set; }

    internal long QueuedAt => queuedAt;

    internal long PrefillAt { get; set; }

    internal long DecodeAt { get; set; }

    /// <summary>The pending tokens are stored, and a new one is chosen.</summary>
    internal void Append(int token, float logProb)
    {
        StoredOwn += Pending.Count;
        Pending = [token];
        Tokens.Add(token);
        LogProbs.Add(logProb);
    }

    internal GenerationResult Result(TimeProvider time)
    {
        var now = time.GetTimestamp();
        return new()
        {
            Id = request.Id,
            Tokens = Tokens,
            LogProbs = LogProbs,
            Finish = Finish ?? throw new InvalidOperationException($"Request {request.Id} is not finished."),
            Error = Error,
            PromptTokens = PromptTokens,
            QueueSeconds = time.GetElapsedTime(queuedAt, PrefillAt == 0 ? now : PrefillAt).TotalSeconds,
            PrefillSeconds = PrefillAt == 0 ? 0 : time.GetElapsedTime(PrefillAt, DecodeAt == 0 ? now : DecodeAt).TotalSeconds,
            DecodeSeconds = DecodeAt == 0 ? 0 : time.GetElapsedTime(DecodeAt, now).TotalSeconds,
        };
    }
}
