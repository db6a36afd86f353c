using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Engine.Benchmark;

/// <summary>Shapes that can be measured without a checkpoint.</summary>
public static class BenchmarkShapes
{
    /// <summary>
    /// The shape that llama.cpp is measured with for comparison: LLaMA with 12 layers of 768, 576 vision tokens an image, and a tower that
    /// costs next to nothing, so that the decoder is what is measured.
    /// </summary>
    public static LlavaConfig S { get; } = new()
    {
        ImageTokenIndex = 31999,
        Text = new() { HiddenSize = 768, IntermediateSize = 2048, Layers = 12, Heads = 12, KeyValueHeads = 12, HeadDim = 64, VocabularySize = 32000 },
        Vision = new() { HiddenSize = 64, IntermediateSize = 128, Layers = 2, Heads = 1 },
    };

    /// <summary>LLaVA-1.5-7B: LLaMA with 32 layers of 4096, CLIP ViT-L/14 at 336 pixels; the configuration's defaults.</summary>
    public static LlavaConfig Llava7B { get; } = new()
    {
        ImageTokenIndex = 32000,
        Text = new() { VocabularySize = 32064, MaxPositions = 4096, RmsNormEps = 1e-5 },
        Vision = new(),
    };

    /// <summary>Enough to see that everything runs: 4 layers of 64 and 16 vision tokens an image.</summary>
    public static LlavaConfig Tiny { get; } = new()
    {
        ImageTokenIndex = 511,
        Text = new() { HiddenSize = 64, IntermediateSize = 128, Layers = 4, Heads = 4, KeyValueHeads = 4, HeadDim = 16, VocabularySize = 512 },
        Vision = new() { HiddenSize = 32, IntermediateSize = 64, Layers = 2, Heads = 2, ImageSize = 56 },
    };

    /// <summary>What <see cref="Find"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["s", "llava-7b", "tiny"];

    /// <summary>A word on each, for help texts.</summary>
    public static string Described => "s: LLaMA of width 768 with 12 layers and 576 vision tokens an image; llava-7b: LLaVA-1.5-7B; tiny: to see that it runs";

    /// <summary>The shape of a name; null for any other.</summary>
    public static LlavaConfig? Find(string? name) => name switch { "s" => S, "llava-7b" => Llava7B, "tiny" => Tiny, _ => null };
}
