using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// Continues many prompts together: schedule → run → postprocess, a step at a time. Everything happens on the calling
/// thread, and it must always be the same one, because TorchSharp's scopes belong to threads. What a request gets does not depend on what else is in the batch.
/// </summary>
public sealed class GenerationEngine : IDisposable
{
    private readonly LlavaModel _model;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Scheduler _scheduler;
    private readonly KeyValueCache _cache;
    private readonly ITokenAttention _attention;
    private readonly PrefixPool _prefixes;
    private readonly PrefixStage _prefixStage;
    private readonly TokenPass _tokens;
    private readonly MemoryGuard _guard;
    private readonly SchedulePolicy _policy = new();
    private readonly List<Sequence> _done = [];
    private EngineStatistics _statistics;

    /// <param name="model">The model; the caller owns it and disposes it after the engine.</param>
    /// <param name="options">What to reserve.</param>
    /// <param name="time">Clock of the timings; the system's when left out.</param>
    public GenerationEngine(LlavaModel model, EngineOptions options, TimeProvider? time = null)
    {
        options.Validate();
        (_model, _options, _time) = (model, options, time ?? TimeProvider.System);
        Memory = KeyValuePlan.Of(model.Config, model.Plan, model.Placement.Dtype, options.MaxImages, options.MaxTextTokens, options.MaxPrefixText);
        _scheduler = new Scheduler(options.Slots);
        var prefixes = KeyValuePlan.PrefixesFor(options.Slots, options.QuestionsPerImage);
        _prefixes = new PrefixPool(prefixes);
        _cache = new KeyValueCache(model.Config, model.Placement, Memory, options.Slots, prefixes);
        _attention = !options.PortableAttention && CpuAttention.Serves(model.Placement, model.Config.Text.HeadDim)
            ? new CpuAttention(_cache, model.Placement.Dtype) : new TorchAttention(_cache, model.Placement);
        _prefixStage = new PrefixStage(model, _cache, Memory, options, _time);
        _tokens = new TokenPass(model, _cache, _attention);
        _guard = new MemoryGuard();
        _statistics = new EngineStatistics { KeyValueBytes = _cache.Bytes };
    }

    public KeyValuePlan Memory { get; }

    public EngineOptions Options => _options;

    /// <summary>Requests that can be submitted now and start with the next step.</summary>
    public int FreeSlots => _scheduler.Free;

    /// <summary>Bytes of the keys and values that somebody reads now, of those reserved.</summary>
    public long KeyValueBytesInUse => Live * Memory.BytesPerSequence + _prefixes.Read * Memory.BytesPerPrefix;

    /// <summary>Sequences that run.</summary>
    public int Live => _scheduler.Live;

    /// <summary>Requests that wait for a slot.</summary>
    public int Waiting => _scheduler.Waiting;

    /// <summary>True while a step has something to do or to tell.</summary>
    public bool HasWork => Live > 0 || Waiting > 0 || _done.Count > 0;

    public EngineStatistics Statistics => _statistics with { VisionSeconds = _prefixStage.Images.Seconds, ImagesEncoded = _prefixStage.Images.Encoded, ImagesShared = _prefixStage.Images.Shared + _statistics.PrefixesShared, Halvings = _guard.Halvings };

    /// <summary>Takes a request; one that cannot be served comes back as an error with the next step.</summary>
    public void Submit(GenerationRequest request)
    {
        var split = PromptSplit.Of(request, _model.Config.ImageTokenIndex, _model.Config.ImageTokens);
        var sequence = new Sequence(request, split, _time.GetTimestamp());
        if (PromptCheck.Of(request, split, _model, _options) is { } error) Fail(sequence, error);
        else _scheduler.Enqueue(sequence);
    }

    /// <summary>The new tokens of a request that runs, so far; none when it does not. Valid until the next step.</summary>
    public IReadOnlyList<int> TokensOf(string id) => _scheduler.Find(id)?.Tokens ?? [];

    /// <summary>Takes a request back; its result comes with the next step. False when no such request is here.</summary>
    public bool Cancel(string id)
    {
        if (_scheduler.Find(id) is not { } sequence) return false;
        if (sequence.Slot >= 0) Release(sequence);
        else _scheduler.Withdraw(sequence);
        sequence.Finish = FinishReason.Cancelled;
        _done.Add(sequence);
        return true;
    }

    /// <summary>Lets waiting sequences into free slots, gives every live one a token, and returns what is finished.</summary>
    public IReadOnlyList<GenerationResult> Step()
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        var rounds = _policy.Rounds(_scheduler.Live, _options.Slots);
        while (rounds-- > 0 && Begin()) { }
        foreach (var (from, to) in _scheduler.Compact()) _cache.Move(from, to);
        Advance(_scheduler.Running());

        GenerationResult[] results = [.. _done.Select(s => s.Result(_time))];
        _done.Clear();
        return results;
    }

    /// <summary>Admits sequences and computes the prefixes that are not there yet; false when none was admitted.</summary>
    private bool Begin()
    {
        List<Sequence> fresh = [];
        var start = _time.GetTimestamp();
        var admitted = _scheduler.Admit(_options.PrefillBatch, _options.PrefillTokens, CostOf, sequence =>
        {
            sequence.PrefillAt = start;
            if (sequence.Prompt.Key is not { } key) return;
            var (entry, isNew) = _prefixes.Take(key);
            sequence.Entry = entry;
            if (isNew) fresh.Add(sequence);
            else _statistics = _statistics with { PrefixesShared = _statistics.PrefixesShared + 1 };
        });
        if (admitted.Count == 0) return false;
        using var scope = NewDisposeScope();
        var clock = ComputeClock.Total;
        foreach (var group in _prefixStage.Groups(fresh)) _guard.Run(group, Prefixes, GiveUpPrefix);
        _statistics = _statistics with
        {
            Prompts = _statistics.Prompts + admitted.Count,
            PromptTokens = _statistics.PromptTokens + admitted.Sum(r => (long)r.PromptTokens),
            PrefillSeconds = _statistics.PrefillSeconds + _time.GetElapsedTime(start).TotalSeconds,
            Prefill = _statistics.Prefill + (ComputeClock.Total - clock),
        };
        return true;
    }

    /// <summary>Computes prefixes of one kind; those of prompts that end with their image give a token.</summary>
    private void Prefixes(IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        _options.BeforePass?.Invoke(rows.Count);
        if (_prefixStage.Run(rows) is { } last) Choose(rows, _model.Logits(last).squeeze(1));
    }

    /// <summary>Tokens that a sequence costs when it begins now; null when no prefix can be stored.</summary>
    private int? CostOf(Sequence sequence)
    {
        if (sequence.Prompt.Key is not { } key || _prefixes.Holds(key)) return sequence.Prompt.Suffix.Length;
        return _prefixes.HasRoomFor(key) ? sequence.PromptTokens : null;
    }

    private void Advance(Sequence[] rows)
    {
        if (rows.Length == 0) return;
        var (start, clock) = (_time.GetTimestamp(), ComputeClock.Total);
        int beginning = rows.Where(s => s.Tokens.Count == 0).Sum(s => s.Pending.Count), all = rows.Sum(s => s.Pending.Count);
        _guard.Run(rows, Tokens, GiveUp);
        var seconds = _time.GetElapsedTime(start).TotalSeconds;
        var share = seconds * beginning / all; // one pass serves those that begin and those that go on
        _statistics = _statistics with
        {
            DecodeSteps = _statistics.DecodeSteps + 1,
            PrefillSeconds = _statistics.PrefillSeconds + share,
            DecodeSeconds = _statistics.DecodeSeconds + seconds - share,
            Decode = _statistics.Decode + (ComputeClock.Total - clock),
        };
    }

    private void Tokens(IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        _options.BeforePass?.Invoke(rows.Count);
        Choose(rows, _tokens.Run(rows));
    }

    private void GiveUp(Sequence row)
    {
        Release(row);
        Fail(row, new GenerationError(GenerationError.GpuOom, $"There is no memory for this request even alone ({row.PromptTokens} prompt tokens, {row.Tokens.Count} new ones)."));
    }

    /// <summary>Without its prefix nobody who was to read it can go on.</summary>
    private void GiveUpPrefix(Sequence row)
    {
        foreach (var reader in _scheduler.Reading(row.Entry)) GiveUp(reader);
        _prefixes.Forget(row.Prompt.Key!);
    }

    /// <summary>Chooses a token for every row (logits (N, V)) and lets go of the finished ones.</summary>
    private void Choose(IReadOnlyList<Sequence> rows, Tensor logits)
    {
        var choices = Sampler.Choose(logits, rows);
        var now = _time.GetTimestamp();
        for (var r = 0; r < rows.Count; r++)
        {
            var (row, (token, logProb, finite)) = (rows[r], choices[r]);
            if (row.DecodeAt == 0) row.DecodeAt = now;
            if (!finite)
            {
                _cache.WipeOwn(row.Slot);
                Release(row);
                if (row.Prompt.Key is { } key && _prefixes.Forget(key)) _cache.WipePrefix(row.Entry);
                Fail(row, new GenerationError(GenerationError.ModelNan, $"The logits of token {row.Tokens.Count} are not finite."));
                continue;
            }
            row.Append(token, logProb);
            _statistics = _statistics with { NewTokens = _statistics.NewTokens + 1 };
            row.Finish = row.StopIds.Contains(token) ? FinishReason.Stop
                : row.Tokens.Count >= row.Request.Sampling.MaxNewTokens || row.StoredOwn >= _options.MaxTextTokens || row.NextPosition > _model.Config.Text.MaxPositions ? FinishReason.Length
                : null;
            if (row.Finish is null) continue;
            Release(row);
            _done.Add(row);
        }
    }

    private void Release(Sequence row)
    {
        _scheduler.Release(row);
        if (row.Prompt.Key is { } key) _prefixes.Leave(key);
    }

    private void Fail(Sequence sequence, GenerationError error)
    {
        (sequence.Finish, sequence.Error) = (FinishReason.Error, error);
        _done.Add(sequence);
    }

    public void Dispose()
    {
        (_attention as IDisposable)?.Dispose();
        _cache.Dispose();
        _prefixStage.Dispose();
    }
}
