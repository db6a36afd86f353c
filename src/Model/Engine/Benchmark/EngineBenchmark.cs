using System.Diagnostics;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using Dpvr.Model.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine.Benchmark;

/// <summary>
/// Measures the engine alone: no decoding of pictures, no tokenizer, no queue. Weights are random, so any shape can be
/// measured without a checkpoint; time does not depend on their values.
/// </summary>
public sealed class EngineBenchmark : IDisposable
{
    private const int TowerRounds = 3;

    private readonly LlavaModel _model;
    private readonly long _budget;

    /// <param name="config">Shape.</param>
    /// <param name="placement">Device and dtype.</param>
    public EngineBenchmark(LlavaConfig config, Placement placement)
    {
        var weights = new RandomWeights(config, seed: 1);
        _model = new LlavaModel(config, Plan(config, "dpvr-lf", null), weights, weights, placement with { Packed = true }); // with a side branch: every routing runs on it
        // Read once: what freed batches leave in libtorch's cache looks taken later. Three quarters of it may be keys and values here.
        _budget = placement.Device.type == DeviceType.CUDA ? MemoryBudget.Default(placement.Device) / 6 * 5 : long.MaxValue;
    }

    /// <summary>
    /// Runs every routing with every batch size, after one short run to warm up; a row comes as soon as it is measured. On a CUDA device a batch
    /// whose keys and values do not fit is left out.
    /// </summary>
    /// <param name="load">What to run.</param>
    /// <param name="leftOut">Told what was left out and why.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public IEnumerable<BenchmarkRow> Run(BenchmarkLoad load, Action<string>? leftOut = null, CancellationToken cancellationToken = default)
    {
        Measure(load with { Images = 1, NewTokens = Math.Min(4, load.NewTokens) }, load.Routings[0], batch: 1, cancellationToken);
        foreach (var batch in load.Batches)
            foreach (var routing in load.Routings)
                if (Problem(load, routing, batch) is { } problem) leftOut?.Invoke($"batch {batch}, {routing}: left out. {problem}");
                else yield return Measure(load, routing, batch, cancellationToken);
    }

    private string? Problem(BenchmarkLoad load, string routing, int batch)
    {
        try
        {
            KeyValuePlan.Of(_model.Config, Plan(_model.Config, routing, load.Saturation), _model.Placement.Dtype, maxImages: 1, load.TextTokens - load.TextTokens / 2 + load.NewTokens, load.TextTokens / 2)
                .Demand(batch, _budget, load.Questions);
            return null;
        }
        catch (EngineMemoryException e)
        {
            return e.Message;
        }
    }

    /// <summary>Seconds of tower and projector for an image, in batches as the engine makes them; the best of a few.</summary>
    private double TowerSeconds(int batch)
    {
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        var vision = _model.Config.Vision;
        var pixels = zeros(batch, vision.Channels, vision.ImageSize, vision.ImageSize, device: _model.Placement.Device);
        return Enumerable.Range(0, TowerRounds).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            _model.EncodeImages(pixels).view(-1)[0].to(ScalarType.Float32).ToSingle(); // a device is done when a value is read
            return watch.Elapsed.TotalSeconds;
        }) / batch;
    }

    private BenchmarkRow Measure(BenchmarkLoad load, string routing, int batch, CancellationToken cancellationToken)
    {
        var config = _model.Config;
        var plan = _model.Decoder.Plan = Plan(config, routing, load.Saturation);
        ResidentMemory.ForgetPeak();
        var before = load.TextTokens / 2;
        using var engine = new GenerationEngine(_model, new()
        {
            Slots = batch,
            MaxImages = 1,
            MaxTextTokens = load.TextTokens - before + load.NewTokens,
            MaxPrefixText = before,
            QuestionsPerImage = load.Questions,
            PrefillTokens = load.PrefillTokens,
            CachedImages = 0,
        });
        var images = Math.Max(load.Images, (batch + load.Questions - 1) / load.Questions);
        GenerationRequest[] requests = [.. Enumerable.Range(0, images).SelectMany(i => Requests(load, i, before))];
        var (watch, cpuBefore) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        foreach (var request in requests) engine.Submit(request);
        while (engine.HasWork)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (engine.Step().FirstOrDefault(r => r.Error is not null) is { } failed)
                throw new InvalidOperationException($"Request {failed.Id} failed: {failed.Error!.Code}: {failed.Error.Message}");
        }
        var (seconds, cpu) = (watch.Elapsed.TotalSeconds, Environment.CpuUsage.TotalTime - cpuBefore);
        return new BenchmarkRow
        {
            Routing = routing,
            Dtype = _model.Placement.DtypeName,
            Batch = batch,
            Images = images,
            PromptTokens = config.ImageTokens + load.TextTokens,
            NewTokens = load.NewTokens,
            Questions = load.Questions,
            Prefill = engine.Statistics.Prefill,
            Decode = engine.Statistics.Decode,
            Seconds = seconds,
            CpuSeconds = cpu.TotalSeconds,
            PrefillSeconds = engine.Statistics.PrefillSeconds,
            DecodeSeconds = engine.Statistics.DecodeSeconds,
            VisionSeconds = images * TowerSeconds(Math.Clamp(load.PrefillTokens / config.ImageTokens, 1, Math.Min(batch, engine.Options.PrefillBatch))),
            KeyValueBytes = engine.Statistics.KeyValueBytes,
            PeakResidentBytes = ResidentMemory.Peak(),
            PrefillFlops = ComputeCost.Vision(config) + ComputeCost.Prefill(config, plan, images: 1, load.TextTokens, load.SharedStart && before <= engine.Memory.SharedTokens ? before : 0),
            DecodeFlops = Enumerable.Range(0, load.NewTokens - 1).Sum(i => ComputeCost.Decode(config, plan, images: 1, load.TextTokens + i)),
        };
    }

    private IEnumerable<GenerationRequest> Requests(BenchmarkLoad load, int number, int before)
    {
        var (config, random) = (_model.Config, new Random(number));
        var levels = new byte[3 * config.Vision.ImageSize * config.Vision.ImageSize];
        random.NextBytes(levels);
        var image = PreparedImage.FromLevels($"{number}", levels);
        int[] Text(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Math.Min(config.ImageTokenIndex, config.Text.VocabularySize)))];
        var shared = Text(before);
        if (load.SharedStart) shared = [.. Enumerable.Range(0, before)];
        for (var question = 0; question < load.Questions; question++)
            yield return new GenerationRequest
            {
                Id = $"{number}/{question}",
                Prompt = [.. shared, config.ImageTokenIndex, .. Text(load.TextTokens - before)],
                Images = [image],
                Sampling = new() { MaxNewTokens = load.NewTokens },
            };
    }

    private static RoutingPlan Plan(LlavaConfig config, string routing, int? saturation)
    {
        var layers = config.Text.Layers;
        var leave = saturation ?? Math.Clamp((int)Math.Round(layers * 18.0 / 32), 1, layers - 1);
        return routing switch
        {
            "dense" => RoutingPlan.Dense(layers),
            "withdraw" => RoutingPlan.Withdraw(layers, leave),
            "dpvr-lf" => RoutingPlan.DpvrLf(layers, leave),
            _ => throw new ArgumentException($"'{routing}' is not a routing; allowed are dense, withdraw and dpvr-lf.", nameof(routing)),
        };
    }

    public void Dispose() => _model.Dispose();
}
