using Prometheus;

namespace Dpvr.Workers.Engine;

/// <summary>One engine's values, from its making to its end; used by the engine's thread alone. Labels are looked up once, so that a step costs a few atomic additions.</summary>
internal sealed class EngineMeter : IDisposable
{
    private readonly EngineInstruments _all;
    private readonly string _model, _engine;
    private readonly string[] _info;
    private readonly Gauge.Child _running, _waiting, _usage;
    private readonly Counter.Child _prompts, _tokens, _visionBusy, _prefillBusy, _decodeBusy, _hits, _queries, _halvings;
    private readonly Histogram.Child _first, _whole, _queue, _prefill, _decode, _answer, _prefillStep, _decodeStep;
    private EngineLoad _before;

    public EngineMeter(EngineInstruments all, string engine, ICaptionEngine of)
    {
        var about = of.Description;
        (_all, _model, _engine, _before) = (all, about.Model, engine, of.Load);
        _info = [_model, engine, about.Routing, about.Device, about.Dtype];
        all.Info.WithLabels(_info).Set(1);
        all.Slots.WithLabels(_model, engine).Set(about.Slots);
        all.KvPlanned.WithLabels(_model, engine).Set(_before.KeyValuePlanned);
        all.KvReserved.WithLabels(_model, engine).Set(_before.KeyValueReserved);
        (_running, _waiting, _usage) = (all.Running.WithLabels(_model, engine), all.Waiting.WithLabels(_model, engine), all.KvUsage.WithLabels(_model, engine));
        (_prompts, _tokens, _halvings) = (all.PromptTokens.WithLabels(_model, engine), all.NewTokens.WithLabels(_model, engine), all.Halvings.WithLabels(_model, engine));
        (_visionBusy, _prefillBusy, _decodeBusy) = (all.Busy.WithLabels(_model, engine, "vision"), all.Busy.WithLabels(_model, engine, "prefill"), all.Busy.WithLabels(_model, engine, "decode"));
        (_hits, _queries) = (all.PrefixHits.WithLabels(_model, engine), all.PrefixQueries.WithLabels(_model, engine));
        (_first, _whole, _queue) = (all.FirstToken.WithLabels(_model, engine), all.EndToEnd.WithLabels(_model, engine), all.Queue.WithLabels(_model, engine));
        (_prefill, _decode, _answer) = (all.Prefill.WithLabels(_model, engine), all.Decode.WithLabels(_model, engine), all.Answer.WithLabels(_model, engine));
        (_prefillStep, _decodeStep) = (all.Step.WithLabels(_model, engine, "prefill"), all.Step.WithLabels(_model, engine, "decode"));
        all.Failures.WithLabels(engine);
    }

    /// <summary>After a step.</summary>
    public void OnStep(EngineLoad now, int queued)
    {
        _running.Set(now.Running);
        _waiting.Set(now.Waiting + queued);
        _usage.Set(now.KeyValueReserved == 0 ? 0 : (double)now.KeyValueUsed / now.KeyValueReserved);
        _prompts.Inc(now.PromptTokens - _before.PromptTokens);
        _tokens.Inc(now.NewTokens - _before.NewTokens);
        _halvings.Inc(now.Halvings - _before.Halvings);
        _queries.Inc(now.Prompts - _before.Prompts);
        _hits.Inc(now.PrefixHits - _before.PrefixHits);
        var (vision, prefill, decode) = (now.VisionSeconds - _before.VisionSeconds, now.PrefillSeconds - _before.PrefillSeconds, now.DecodeSeconds - _before.DecodeSeconds);
        Busy(_visionBusy, vision);
        Busy(_prefillBusy, prefill - vision);
        Busy(_decodeBusy, decode);
        if (now.Prompts > _before.Prompts) _prefillStep.Observe(Math.Max(0, prefill));
        if (now.DecodeSteps > _before.DecodeSteps) _decodeStep.Observe(Math.Max(0, decode));
        _before = now;
    }

    public void OnCompleted(EngineCompletion done)
    {
        if (done.Error is { } error)
        {
            _all.Errors.WithLabels(_model, _engine, error.Code).Inc();
            return;
        }
        _all.Success.WithLabels(_model, _engine, done.FinishReason).Inc();
        _queue.Observe(done.Queued.TotalSeconds);
        _prefill.Observe(done.Prefill.TotalSeconds);
        _decode.Observe(done.Generate.TotalSeconds);
        _first.Observe((done.Queued + done.Prefill).TotalSeconds);
        _whole.Observe((done.Queued + done.Prefill + done.Generate).TotalSeconds);
        _answer.Observe(done.Tokens.Completion);
    }

    public void OnFailed() => _all.Failures.WithLabels(_engine).Inc();

    private static void Busy(Counter.Child busy, double seconds)
    {
        if (seconds > 0) busy.Inc(seconds);
    }

    /// <summary>The engine is gone: what it held is not shown any more, what it did stays counted.</summary>
    public void Dispose()
    {
        _all.Info.RemoveLabelled(_info);
        foreach (var gauge in (Gauge[])[_all.Slots, _all.KvPlanned, _all.KvReserved, _all.Running, _all.Waiting, _all.KvUsage]) gauge.RemoveLabelled(_model, _engine);
    }
}
