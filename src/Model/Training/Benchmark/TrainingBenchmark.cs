using System.Diagnostics;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine.Benchmark;
using Dpvr.Model.Language;
using Dpvr.Model.Layers;
using Dpvr.Model.Pictures;
using Dpvr.Model.Routing;

namespace Dpvr.Model.Training.Benchmark;

/// <summary>
/// Measures what training a side branch costs beside running the model: with everything else frozen only the side branch and the
/// fusion layer have a graph. Weights, pictures and tokens are random.
/// </summary>
public sealed class TrainingBenchmark : IDisposable
{
    private readonly LlavaModel _model;
    private readonly Trainer _trainer;
    private readonly TrainingBatch _batch;
    private readonly int _pictures, _tokens;

    /// <param name="config">Shape.</param>
    /// <param name="placement">Device and dtype.</param>
    /// <param name="saturation">First text-only layer; 9/16 of the depth when left out.</param>
    /// <param name="pictures">Pictures a step.</param>
    /// <param name="text">Text tokens of a conversation; the last half are targets.</param>
    public TrainingBenchmark(LlavaConfig config, Placement placement, int? saturation, int pictures, int text)
    {
        var weights = new RandomWeights(config, seed: 1);
        _model = new LlavaModel(config, RoutingPlan.DpvrLf(config.Text.Layers, saturation ?? config.Text.Layers * 9 / 16), weights, weights, placement);
        var (source, processor) = (new RandomExamples(config, text), new ImageProcessor(config.Vision.ImageSize));
        _trainer = new Trainer(_model, _model.SideBranchWeights, source, processor, new TrainingOptions { Batch = pictures });
        _batch = TrainingBatch.Of([.. Enumerable.Range(0, pictures).Select(i => source.Example(i))], processor, config);
        (_pictures, _tokens) = (pictures, config.ImageTokens + text);
        _trainer.TrainStep(_batch); // AdamW's moments come with the first step
    }

    /// <summary>One pass of each, by turns.</summary>
    public TrainingRow Run()
    {
        var (forward, forwardPeak) = Measure(() => _trainer.Evaluate(_batch));
        var (step, stepPeak) = Measure(() => _trainer.TrainStep(_batch));
        return new TrainingRow
        {
            Batch = _pictures,
            Tokens = _tokens,
            ForwardSeconds = forward,
            StepSeconds = step,
            ForwardPeakBytes = forwardPeak,
            StepPeakBytes = stepPeak,
            StateBytes = 3 * _model.SideBranchWeights.Select(w => w.Storage).Distinct().Sum(s => s.numel() * s.element_size()),
        };
    }

    private static (double Seconds, long Peak) Measure(Action work)
    {
        ResidentMemory.ForgetPeak();
        var watch = Stopwatch.StartNew();
        work();
        return (watch.Elapsed.TotalSeconds, ResidentMemory.Peak());
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    private sealed class RandomExamples(LlavaConfig config, int text) : ITrainingSource
    {
        public TrainingExample Example(long index)
        {
            var random = new Random((int)index);
            var pixels = new byte[3 * config.Vision.ImageSize * config.Vision.ImageSize];
            random.NextBytes(pixels);
            int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Math.Min(config.ImageTokenIndex, config.Text.VocabularySize)))];
            var answer = Tokens(text - text / 4);
            return new TrainingExample(
                pixels, new BranchedPrompt([.. Tokens(text / 4), config.ImageTokenIndex], [answer]), [[.. answer.Select((_, i) => i >= text / 4)]]);
        }
    }
}
