using Dpvr.Model.Language;
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
    private readonly ImageFeatures _images;
    private readonly List<Sequence> _done = [];
    private EngineStatistics _statistics;

    /// <param name="model">The model; the caller owns it and disposes it after the engine.</param>
    /// <param name="options">What to reserve.</param>
    /// <param name="time">Clock of the timings; the system's when left out.</param>
    public GenerationEngine(LlavaModel model, EngineOptions options, TimeProvider? time = null)
    {
        options.Validate();
        (_model, _options, _time) = (model, options, time ?? TimeProvider.System);
        Memory = KeyValuePlan.Of(model.Config, model.Plan, model.Placement.Dtype, options.MaxImages, options.MaxTextTokens);
        _scheduler = new Scheduler(options.Slots);
        _cache = new KeyValueCache(model.Config, model.Plan, model.Placement, Memory, options.Slots);
        _images = new ImageFeatures(model, options.Pixels, options.CachedImages, TowerBatch(model, options));
        _statistics = new EngineStatistics { KeyValueBytes = _cache.Bytes };
    }

    public KeyValuePlan Memory { get; }

    public EngineOptions Options => _options;

    /// <summary>Requests that can be submitted now and start with the next step.</summary>
    public int FreeSlots => _scheduler.Free;

    /// <summary>Sequences that run.</summary>
    public int Live => _scheduler.Live;

    /// <summary>Requests that wait for a slot.</summary>
    public int Waiting => _scheduler.Waiting;

    /// <summary>True while a step has something to do or to tell.</summary>
    public bool HasWork => Live > 0 || Waiting > 0 || _done.Count > 0;

    public EngineStatistics Statistics => _statistics with { ImagesEncoded = _images.Encoded, ImagesShared = _images.Shared };

    /// <summary>Takes a request; one that cannot be served comes back as an error with the next step.</summary>
    public void Submit(GenerationRequest request)
    {
        var (error, text, images) = PromptCheck.Of(request, _model.Config, _options);
        var sequence = new Sequence(request, text + images, text, images, _time.GetTimestamp());
        if (error is null) _scheduler.Enqueue(sequence);
        else Fail(sequence, error);
    }

    /// <summary>Takes a request back; its result comes with the next step. False when no such request is here.</summary>
    public bool Cancel(string id)
    {
        if (_scheduler.Remove(id) is not { } sequence) return false;
        sequence.Finish = FinishReason.Cancelled;
        _done.Add(sequence);
        return true;
    }

    /// <summary>Fills free slots, gives every live sequence one more token, and returns what is finished.</summary>
    public IReadOnlyList<GenerationResult> Step()
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        while (_scheduler.Admit(_options.PrefillBatch, _options.PrefillTokens) is { Count: > 0 } admitted) Prefill(admitted);
        foreach (var (from, to) in _scheduler.Compact()) _cache.Move(from, to);
        if (_scheduler.Live > 0) Decode(_scheduler.Running());

        GenerationResult[] results = [.. _done.Select(s => s.Result(_time))];
        _done.Clear();
        return results;
    }

    private static int TowerBatch(LlavaModel model, EngineOptions options) =>
        Math.Clamp(options.PrefillTokens / model.Config.ImageTokens, 1, options.PrefillBatch);

    private void Prefill(IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        var start = _time.GetTimestamp();
        foreach (var row in rows) row.PrefillAt = start;
        var batch = PromptBatch.Of([.. rows.Select(r => r.Request.Prompt)], _model.Config.ImageTokenIndex, _model.Config.ImageTokens, _model.Placement.Device);
        PreparedImage[] pictures = [.. rows.SelectMany(r => r.Request.Images)];
        var images = pictures.Length == 0 ? null : _images.Of(pictures);
        _cache.Open(rows);
        var hidden = _model.Forward(batch, images, Readout.Last, _cache.Prefill(rows)); // (B, 1, D)
        Advance(rows, _model.Logits(hidden).squeeze(1));

        var end = _time.GetTimestamp();
        foreach (var row in rows) row.DecodeAt = end;
        _statistics = _statistics with
        {
            Prompts = _statistics.Prompts + rows.Count,
            PromptTokens = _statistics.PromptTokens + rows.Sum(r => (long)r.PromptTokens),
            PrefillSeconds = _statistics.PrefillSeconds + _time.GetElapsedTime(start, end).TotalSeconds,
        };
    }

    private void Decode(Sequence[] rows)
    {
        using var scope = NewDisposeScope();
        var start = _time.GetTimestamp();
        Advance(rows, DecodeStep.Run(_model, _cache, rows));
        _statistics = _statistics with
        {
            DecodeSteps = _statistics.DecodeSteps + 1,
            DecodeSeconds = _statistics.DecodeSeconds + _time.GetElapsedTime(start).TotalSeconds,
        };
    }

    /// <summary>Chooses a token for every row (logits (N, V)) and lets go of the finished ones.</summary>
    private void Advance(IReadOnlyList<Sequence> rows, Tensor logits)
    {
        var choices = Sampler.Choose(logits, rows);
        for (var r = 0; r < rows.Count; r++)
        {
            var (row, (token, logProb, finite)) = (rows[r], choices[r]);
            if (!finite)
            {
                _cache.Wipe(row.Slot);
                _scheduler.Release(row);
                Fail(row, new GenerationError(GenerationError.ModelNan, $"The logits of token {row.Tokens.Count} are not finite."));
                continue;
            }
            row.Tokens.Add(token);
            row.LogProbs.Add(logProb);
            _statistics = _statistics with { NewTokens = _statistics.NewTokens + 1 };
            row.Finish = row.StopIds.Contains(token) ? FinishReason.Stop
                : row.Tokens.Count >= row.Request.Sampling.MaxNewTokens || row.StoredText >= _options.MaxTextTokens || row.Position >= _model.Config.Text.MaxPositions ? FinishReason.Length
                : null;
            if (row.Finish is null) continue;
            _scheduler.Release(row);
            _done.Add(row);
        }
    }

    private void Fail(Sequence sequence, GenerationError error)
    {
        (sequence.Finish, sequence.Error) = (FinishReason.Error, error);
        _done.Add(sequence);
    }

    public void Dispose()
    {
        _cache.Dispose();
        _images.Dispose();
    }
}
