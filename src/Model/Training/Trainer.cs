using System.Diagnostics;
using Dpvr.Model.Language;
using Dpvr.Model.Layers;
using Dpvr.Model.Pictures;
using Dpvr.Model.Runtime;
using Dpvr.Model.Routing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dpvr.Model.Training;

/// <summary>
/// Trains some weights of a model on pictures with conversations: AdamW, warm-up and cosine, gradient clipping.
/// What is not among the trainable weights is frozen, and layers below the first trainable one run without a graph.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly LlavaModel _model;
    private readonly ITrainingSource _source;
    private readonly TrainingOptions _options;
    private readonly PatchSupervision? _patches;
    private readonly Parameter[] _parameters;
    private readonly AdamW _optimizer;
    private readonly ImageProcessor _processor;
    private readonly RoutingPlan _plan;
    private readonly Scalar _patchLossWeight;

    /// <param name="model">The model; its plan is the routing that is trained.</param>
    /// <param name="trainable">The weights to train, for example <see cref="LlavaModel.SideBranchWeights"/>.</param>
    /// <param name="source">Examples.</param>
    /// <param name="processor">Normalises pixels as the model expects them.</param>
    /// <param name="options">How the run goes.</param>
    /// <param name="patches">Dense ground truth for the tower, or null.</param>
    public Trainer(LlavaModel model, IEnumerable<NamedWeight> trainable, ITrainingSource source, ImageProcessor processor, TrainingOptions options, PatchSupervision? patches = null)
    {
        options.Validate();
        _patchLossWeight = options.PatchLossWeight;
        (_model, _source, _processor, _options, _patches, _plan) = (model, source, processor, options, patches, model.Plan);
        State = [.. trainable, .. patches?.Weights ?? []];
        _parameters = [.. State.Select(w => (Parameter)w.Storage).Distinct()];
        foreach (var parameter in _parameters) parameter.requires_grad = true;
        var matrices = _parameters.Where(p => p.dim() > 1).ToArray();
        var vectors = _parameters.Where(p => p.dim() <= 1).ToArray();
        _optimizer = optim.AdamW(
            new AdamW.ParamGroup[]
            {
                new(matrices, new AdamW.Options { weight_decay = options.WeightDecay }),
                new(vectors, new AdamW.Options { weight_decay = 0 }),
            }.Where(g => g.Parameters.Any()), options.LearningRate, 0.9, 0.98);
    }

    /// <summary>Steps done so far; a resumed run starts where it was saved.</summary>
    public int Step { get; internal set; }

    internal AdamW Optimizer => _optimizer;

    /// <summary>Everything that training changes, by name.</summary>
    internal IReadOnlyList<NamedWeight> State { get; }

    /// <summary>Runs until the last step or until cancelled, reporting every step and saving at the given distance.</summary>
    /// <param name="report">Told every step.</param>
    /// <param name="save">Called every <see cref="TrainingOptions.SaveEvery"/> steps, at the end, and on cancellation.</param>
    public async Task RunAsync(Action<TrainingProgress> report, Action save, CancellationToken cancellation)
    {
        await using var queue = new BatchQueue(_source, _processor, _model.Config, _options.Batch, Step, _options.PreparationThreads);
        var watch = Stopwatch.StartNew();
        try
        {
            while (Step < _options.Steps)
            {
                var batch = queue.Next(cancellation);
                var progress = TrainStep(batch);
                Step++;
                report(progress with { Step = Step, PicturesPerSecond = _options.Batch / watch.Elapsed.TotalSeconds });
                watch.Restart();
                if (Step % _options.SaveEvery == 0 && Step < _options.Steps) save();
            }
        }
        finally
        {
            save();
        }
    }

    internal TrainingProgress TrainStep(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var rate = _options.LearningRateAt(Step);
        foreach (var group in _optimizer.ParamGroups) group.LearningRate = rate;
        _optimizer.zero_grad();
        _model.Decoder.Plan = Routing();

        var (text, patches) = Loss(batch);
        var loss = text is null ? patches!.Loss : patches is null ? text.Loss : text.Loss.Plus(patches.Loss * _patchLossWeight);
        loss.backward();
        var norm = nn.utils.clip_grad_norm_(_parameters, _options.ClipNorm);
        if (!double.IsFinite(norm))
            throw new InvalidOperationException($"The gradient at step {Step} is not finite (loss {loss.ToDouble()}): lower the learning rate ({rate}).");
        using (CollectorPause.Begin()) _optimizer.step();
        return new TrainingProgress(Step, _options.Steps, text?.Loss.ToDouble() ?? 0, text?.Share ?? 0, patches?.Loss.ToDouble() ?? 0, patches?.Share ?? 0, norm, rate, 0);
    }

    /// <summary>The loss of a batch, without a graph and without learning from it.</summary>
    internal double Evaluate(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _model.Decoder.Plan = Routing();
        var (text, patches) = Loss(batch);
        return (text ?? patches)!.Loss.ToDouble();
    }

    private (Outcome? Text, Outcome? Patches) Loss(TrainingBatch batch)
    {
        var vision = _model.Config.Vision;
        var pixels = tensor(batch.Pixels, device: _model.Placement.Device).view(-1, vision.Channels, vision.ImageSize, vision.ImageSize);
        var features = _model.Tower.Forward(pixels); // (B, P, dv)
        var patches = PatchLoss(batch, features);
        if (Step < _options.VisionSteps && patches is not null) return (null, patches);
        return (TextLoss(batch, features), patches);
    }

    private Outcome TextLoss(TrainingBatch batch, Tensor features)
    {
        var device = _model.Placement.Device;
        var prompts = PromptBatch.Of(batch.Prompts, _model.Config.ImageTokenIndex, _model.Config.ImageTokens, device);
        var hidden = _model.Forward(prompts, _model.Project(features), Readout.Text); // (B, T, D)
        var read = hidden.flatten(0, 1).index_select(0, tensor(batch.TargetIndex, device: device)); // (B, T, D) → (targets, D)
        var logits = _model.Logits(read).to(ScalarType.Float32); // (targets, V)
        var targets = tensor(batch.Targets, device: device);
        return new Outcome(nn.functional.cross_entropy(logits, targets), logits.argmax(1).eq(targets));
    }

    private Outcome? PatchLoss(TrainingBatch batch, Tensor features)
    {
        if (_patches is null || batch.PatchLabels is null) return null;
        var labels = stack(batch.PatchLabels.Select(l => tensor(l, device: _model.Placement.Device))); // (heads, B·P)
        var (loss, right) = _patches.Loss(features, labels);
        return new Outcome(loss, right);
    }

    private sealed record Outcome(Tensor Loss, Tensor Right)
    {
        internal double Share => Right.to(ScalarType.Float32).mean().ToDouble();
    }

    /// <summary>Drawn from the step's number, so that a resumed run draws as an unbroken one.</summary>
    private RoutingPlan Routing()
    {
        if (_options.RoutingDropout <= 0 || _plan.Kind != RoutingKind.Dense) return _plan;
        var draw = new Random(unchecked(_options.Seed * 7919 + Step)).NextDouble();
        return draw < _options.RoutingDropout ? RoutingPlan.DpvrLf(_plan.Layers, _options.Saturation ?? _plan.Layers / 2) : _plan;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _patchLossWeight.Dispose();
    }
}
