using Dpvr.Model.Checkpoints;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>Shape and schedule of <c>dpvr train base</c>.</summary>
internal sealed record BaseModelSettings
{
    private const int HeadDim = 32;

    public required string Output { get; init; }

    /// <summary>Width of the language model; a multiple of 32. Default: 160.</summary>
    public int TextWidth { get; init; } = 160;

    /// <summary>Layers of the language model. Default: 8.</summary>
    public int TextLayers { get; init; } = 8;

    /// <summary>Width of the vision tower; a multiple of 32. Default: 192.</summary>
    public int VisionWidth { get; init; } = 192;

    /// <summary>Layers of the vision tower, of which the last is not used (features of layer -2). Default: 6.</summary>
    public int VisionLayers { get; init; } = 6;

    /// <summary>Side of the pictures in pixels; a multiple of 14. Default: 112.</summary>
    public int ImageSize { get; init; } = 112;

    /// <summary>Compute products in bfloat16 (weights stay float32): faster where the processor has AVX-512 BF16 or AMX, or on a GPU.</summary>
    public bool Bfloat16 { get; init; }

    public string Device { get; init; } = "cpu";

    public int Threads { get; init; } = Environment.ProcessorCount;

    public TrainingOptions Training { get; init; } = new() { RoutingDropout = 0.5 };

    internal LlavaConfig Config(int vocabulary, int imageToken, int? pad) => new()
    {
        ImageTokenIndex = imageToken,
        PadTokenId = pad,
        Text = new TextConfig
        {
            HiddenSize = TextWidth, IntermediateSize = TextWidth * 8 / 3 / HeadDim * HeadDim, Layers = TextLayers,
            Heads = TextWidth / HeadDim, KeyValueHeads = TextWidth / HeadDim, HeadDim = HeadDim,
            VocabularySize = vocabulary, MaxPositions = 1024, RmsNormEps = 1e-5,
        },
        Vision = new VisionConfig
        {
            HiddenSize = VisionWidth, IntermediateSize = VisionWidth * 4, Layers = VisionLayers, Heads = VisionWidth / HeadDim,
            ImageSize = ImageSize, PatchSize = 14,
        },
    };
}
