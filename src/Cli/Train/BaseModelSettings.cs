using Dpvr.Model.Checkpoints;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>Shape and schedule of <c>dpvr train base</c>.</summary>
internal sealed record BaseModelSettings
{
    private const int HeadDim = 32, Patch = 14;

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

    /// <summary>Questions asked of a scene beside its caption. Default: 6.</summary>
    public int Questions { get; init; } = 6;

    /// <summary>Where to compute. Default: CPU, all cores, float32.</summary>
    public TrainingMachine Machine { get; init; } = new("cpu", false, Environment.ProcessorCount);

    /// <summary>Schedule. Default: 12000 steps of 32 scenes, the first 4500 of the tower alone.</summary>
    public TrainingOptions Training { get; init; } = new() { Steps = 12_000, VisionSteps = 4500, LearningRate = 8e-4, Warmup = 200, SaveEvery = 200, RoutingDropout = 0.5, Saturation = 4 };

    /// <exception cref="UsageException">A size does not divide; the message names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Multiple("--width", TextWidth, HeadDim);
        Multiple("--vision-width", VisionWidth, HeadDim);
        Multiple("--image-size", ImageSize, Patch);
        if (Training.Saturation >= TextLayers)
            throw new UsageException($"--saturation: {Training.Saturation} is not below --layers {TextLayers}; allowed: 1 to {TextLayers - 1}.");
    }

    private static void Multiple(string option, int value, int unit)
    {
        if (value % unit != 0) throw new UsageException($"{option}: {value} is not allowed; allowed: a multiple of {unit}.");
    }

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
            ImageSize = ImageSize, PatchSize = Patch,
        },
    };
}
