using Dpvr.Model;
using Dpvr.Model.Engine;

namespace Dpvr.Cli.Eval;

/// <summary>One routing's engine. Everything happens on the calling thread.</summary>
internal sealed class RoutingRunner : IDisposable
{
    private readonly LlavaBundle _bundle;
    private readonly GenerationEngine _engine;
    private readonly TimeProvider _time;
    private readonly int _maxNewTokens;
    private readonly Dictionary<EvalPrompt, EvalAnswer> _answers = new(ReferenceEqualityComparer.Instance);
    private TimeSpan _captioning, _all;
    private int _captioned;

    public RoutingRunner(LlavaBundle bundle, EngineOptions options, int maxNewTokens, TimeProvider time)
    {
        (_bundle, _maxNewTokens, _time) = (bundle, maxNewTokens, time);
        _engine = new GenerationEngine(bundle.Model, options);
    }

    public LlavaBundle Bundle => _bundle;

    public GenerationEngine Engine => _engine;

    public IReadOnlyDictionary<EvalPrompt, EvalAnswer> Answers => _answers;

    /// <summary>Pictures a second with one caption each.</summary>
    public double ImagesPerSecond => _captioned / _captioning.TotalSeconds;

    public double PromptsPerSecond => _answers.Count / _all.TotalSeconds;

    public TimeSpan Elapsed => _all;

    /// <summary>Asks all about some scenes: first one caption of each, which is what captioning is timed by, then the rest.</summary>
    public void Run(IReadOnlyList<PreparedScene> scenes, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        Ask([.. scenes.Select(s => (s.Picture, s.Prompts[0]))], cancellationToken);
        _captioning += _time.GetElapsedTime(start);
        _captioned += scenes.Count;
        Ask([.. scenes.SelectMany(s => s.Prompts.Skip(1).Select(p => (s.Picture, p)))], cancellationToken);
        _all += _time.GetElapsedTime(start);
    }

    private void Ask(IReadOnlyList<(PreparedImage Picture, EvalPrompt Prompt)> all, CancellationToken cancellationToken)
    {
        for (var i = 0; i < all.Count; i++)
        {
            _engine.Submit(new GenerationRequest
            {
                Id = i.ToString(),
                Prompt = _bundle.Prompts.Encode(all[i].Prompt.Text, images: 1).Ids,
                Images = [all[i].Picture],
                Sampling = new() { MaxNewTokens = _maxNewTokens },
                Stop = _bundle.Stop,
            });
        }
        while (_engine.HasWork)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var result in _engine.Step())
                _answers.Add(all[int.Parse(result.Id)].Prompt, new EvalAnswer(_bundle.Tokenizer.Decode(result.Tokens), result.Finish == FinishReason.Length, result.Error?.Code));
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _bundle.Dispose();
    }
}
