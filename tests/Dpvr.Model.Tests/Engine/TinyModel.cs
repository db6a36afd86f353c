using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using Dpvr.Model.Training;

namespace Dpvr.Model.Tests.Engine;

/// <summary>A small model with random weights, grouped-query attention and four vision tokens an image.</summary>
internal static class TinyModel
{
    internal const int ImageToken = 90;

    internal static LlavaConfig Config { get; } = new()
    {
        ImageTokenIndex = ImageToken,
        Text = new() { HiddenSize = 32, IntermediateSize = 48, Layers = 5, Heads = 4, KeyValueHeads = 2, HeadDim = 8, VocabularySize = 96, MaxPositions = 256 },
        Vision = new() { HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, ImageSize = 8, PatchSize = 4 },
    };

    internal static RoutingPlan Plan(string routing) => routing switch
    {
        "dense" => RoutingPlan.Dense(5),
        "withdraw" => RoutingPlan.Withdraw(5, 2),
        "dpvr-lf" => RoutingPlan.DpvrLf(5, 2),
        "dpvr-lf early fusion" => RoutingPlan.DpvrLf(5, 2, 3),
        "dpvr-lf at once" => RoutingPlan.DpvrLf(5, 4, 4),
        _ => throw new ArgumentOutOfRangeException(nameof(routing), routing, "Not a routing."),
    };

    internal static LlavaModel Create(string routing, int seed = 5, int? visualTokens = null, bool bytes = false)
    {
        var weights = new Sharpened(new RandomWeights(Config, seed));
        return new LlavaModel(Config.Keeping(visualTokens), Plan(routing), weights, weights, Placement.Cpu with { Packed = true, Bytes = bytes });
    }

    /// <summary>A prompt of 3…9 text tokens with images somewhere in it; the same number gives the same prompt.</summary>
    internal static GenerationRequest Request(int number, int images, int newTokens = 12, SamplingOptions? sampling = null)
    {
        var random = new Random(number);
        var prompt = Enumerable.Range(0, 3 + random.Next(7)).Select(_ => random.Next(ImageToken)).ToList();
        for (var i = 0; i < images; i++) prompt.Insert(random.Next(prompt.Count + 1), ImageToken);
        return new()
        {
            Id = $"r{number}",
            Prompt = prompt,
            Images = [.. Enumerable.Range(0, images).Select(i => Image(number * 10 + i))],
            Sampling = (sampling ?? new()) with { MaxNewTokens = newTokens },
        };
    }

    internal static PreparedImage Image(int number)
    {
        var levels = new byte[3 * 8 * 8];
        new Random(1000 + number).NextBytes(levels);
        return PreparedImage.FromLevels($"image {number}", levels);
    }

    internal static IReadOnlyList<GenerationResult> Run(LlavaModel model, EngineOptions options, params IEnumerable<GenerationRequest> requests)
    {
        using var engine = new GenerationEngine(model, options);
        foreach (var request in requests) engine.Submit(request);
        return Drain(engine);
    }

    internal static IReadOnlyList<GenerationResult> Drain(GenerationEngine engine)
    {
        var results = new List<GenerationResult>();
        while (engine.HasWork) results.AddRange(engine.Step());
        return results;
    }

    /// <summary>Larger weights: with the trainer's initial ones every token is about as likely, and a mistake would show little.</summary>
    private sealed class Sharpened(IWeights weights) : IWeights
    {
        public bool Contains(string name) => weights.Contains(name);

        public void CopyInto(string name, TorchSharp.torch.Tensor destination)
        {
            weights.CopyInto(name, destination);
            if (name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)) destination.mul_(50);
            else if (!name.Contains("norm", StringComparison.Ordinal)) destination.mul_(2);
        }
    }
}
