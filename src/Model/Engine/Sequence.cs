namespace Dpvr.Model.Engine;

/// <summary>A request on its way: what the scheduler, the caches and the sampler know of it.</summary>
internal sealed class Sequence(GenerationRequest request, int promptTokens, int promptText, int imageTokens, long queuedAt)
{
    internal GenerationRequest Request => request;

    /// <summary>Length of the prompt, vision tokens counted.</summary>
    internal int PromptTokens => promptTokens;

    internal int PromptText => promptText;

    internal int ImageTokens => imageTokens;

    internal List<int> Tokens { get; } = [];

    internal List<float> LogProbs { get; } = [];

    /// <summary>Text tokens whose keys and values are stored: the newest token's come with the next step.</summary>
    internal int StoredText => promptText + Tokens.Count - 1;

    /// <summary>Position of the newest token.</summary>
    internal int Position => promptTokens + Tokens.Count - 1;

    /// <summary>Its row in the caches; -1 while it waits.</summary>
    internal int Slot { get; set; } = -1;

    internal Random Random { get; } = new(request.Sampling.Seed);

    internal HashSet<int> StopIds { get; } = [.. request.Stop.TokenIds];

    internal FinishReason? Finish { get; set; }

    internal GenerationError? Error { get; set; }

    internal long QueuedAt => queuedAt;

    internal long PrefillAt { get; set; }

    internal long DecodeAt { get; set; }

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
            PromptTokens = promptTokens,
            QueueSeconds = time.GetElapsedTime(queuedAt, PrefillAt == 0 ? now : PrefillAt).TotalSeconds,
            PrefillSeconds = PrefillAt == 0 ? 0 : time.GetElapsedTime(PrefillAt, DecodeAt == 0 ? now : DecodeAt).TotalSeconds,
            DecodeSeconds = DecodeAt == 0 ? 0 : time.GetElapsedTime(DecodeAt, now).TotalSeconds,
        };
    }
}
