using System.Globalization;
using Dpvr.Contracts.Results;
using Dpvr.Model;
using Dpvr.Model.Engine;
using Dpvr.Model.Pictures;
using Dpvr.Model.Tokens;
using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Engine;

/// <summary>The model's engine with text on both sides: prompts become token ids, token ids become answers.</summary>
internal sealed class LlavaCaptionEngine(LlavaBundle bundle, GenerationEngine engine, PictureFit fit, EngineDescription description) : ICaptionEngine
{
    private const int RememberedPrompts = 256;

    private readonly List<EngineCompletion> _refused = [];
    private readonly Dictionary<string, PromptTokens> _prompts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EngineRequest> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnswerStream> _streams = new(StringComparer.Ordinal);
    private readonly long _weightBytes = bundle.Model.WeightBytes;

    public EngineDescription Description => description;

    public IPicturePreparer Pictures { get; } = new LlavaPictures(bundle.Images, fit);

    public int FreeSlots => engine.FreeSlots;

    public bool IsIdle => !engine.HasWork && _refused.Count == 0;

    public long? FreeBytes => MemoryBudget.Free(bundle.Model.Placement.Device);

    public EngineLoad Load
    {
        get
        {
            var done = engine.Statistics;
            return new EngineLoad
            {
                Running = engine.Live,
                Waiting = engine.Waiting,
                KeyValuePlanned = engine.Memory.Bytes(engine.Options.Slots, engine.Options.QuestionsPerImage),
                KeyValueReserved = done.KeyValueBytes,
                KeyValueUsed = engine.KeyValueBytesInUse,
                WeightBytes = _weightBytes,
                PromptTokens = done.PromptTokens,
                NewTokens = done.NewTokens,
                Prompts = done.Prompts,
                DecodeSteps = done.DecodeSteps,
                PrefillSeconds = done.PrefillSeconds,
                VisionSeconds = done.VisionSeconds,
                DecodeSeconds = done.DecodeSeconds,
                Halvings = done.Halvings,
                PrefixHits = done.PrefixesShared,
            };
        }
    }

    public void Submit(EngineRequest request)
    {
        var prompt = EncodeOnce(request.Prompt);
        if (prompt.Error is { } error)
        {
            _refused.Add(new EngineCompletion { Id = request.Id, Error = new ItemError(error.Code, error.Message) });
            return;
        }
        var id = request.Id.ToString(CultureInfo.InvariantCulture);
        _live.Add(id, request);
        if (request.OnText is { } tell) _streams.Add(id, new AnswerStream(bundle.Tokenizer, request.Sampling.Stop, tell));
        engine.Submit(new GenerationRequest
        {
            Id = id,
            Prompt = prompt.Ids,
            Images = [PreparedImage.FromNormalized(request.Picture.Sha256, request.Picture.Pixels)],
            Stop = bundle.Stop,
            Sampling = new SamplingOptions
            {
                MaxNewTokens = request.Sampling.MaxNewTokens,
                Temperature = request.Sampling.Temperature,
                TopK = request.Sampling.TopK,
                TopP = request.Sampling.TopP,
                Seed = SeedOf(request),
            },
        });
    }

    public IReadOnlyList<EngineCompletion> Step()
    {
        EngineCompletion[] refused = [.. _refused];
        _refused.Clear();
        if (!engine.HasWork) return refused;
        EngineCompletion[] done = [.. refused, .. engine.Step().Select(Complete)];
        foreach (var (id, stream) in _streams) stream.Push(engine.TokensOf(id));
        return done;
    }

    private EngineCompletion Complete(GenerationResult result)
    {
        _live.Remove(result.Id, out var request);
        var error = result.Error is { } e ? new ItemError(e.Code, e.Message)
            : result.Finish == FinishReason.Cancelled ? new ItemError(ErrorCodes.Internal, "The request was taken back.") : null;
        var text = error is null ? bundle.Tokenizer.Decode(result.Tokens).Trim() : "";
        var cut = request!.Sampling.Stop.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (cut >= 0) text = text[..cut].TrimEnd();
        if (_streams.Remove(result.Id, out var stream) && error is null) stream.End(text);
        return new EngineCompletion
        {
            Id = request.Id,
            Text = text,
            Tokens = new TokenCounts(result.PromptTokens, result.Tokens.Count),
            Logprob = result.LogProbs.Count > 0 ? result.LogProbs.Average(p => (double)p) : 0,
            TokenLogprobs = request.Sampling.TokenLogprobs ? result.LogProbs : null,
            FinishReason = cut >= 0 || result.Finish == FinishReason.Stop ? "stop" : "length",
            Queued = TimeSpan.FromSeconds(result.QueueSeconds),
            Prefill = TimeSpan.FromSeconds(result.PrefillSeconds),
            Generate = TimeSpan.FromSeconds(result.DecodeSeconds),
            Error = error,
        };
    }

    private PromptTokens EncodeOnce(string prompt)
    {
        if (_prompts.TryGetValue(prompt, out var known)) return known;
        // A job has few prompts and many pictures, or a prompt of its own for every picture: then none is worth keeping.
        if (_prompts.Count == RememberedPrompts) _prompts.Clear();
        return _prompts[prompt] = bundle.Prompts.Encode(prompt, images: 1);
    }

    /// <summary>Each request draws its own numbers, and the same ones in whichever order and batch it comes.</summary>
    private static int SeedOf(EngineRequest request) =>
        request.Sampling.Temperature == 0 ? 0 : unchecked((int)(request.Sampling.Seed * 31 + Convert.ToInt64(request.Picture.Sha256[..8], 16)));

    public void Dispose()
    {
        engine.Dispose();
        bundle.Dispose();
    }
}
