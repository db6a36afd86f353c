using Dpvr.Model.Pictures;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Train;

/// <summary>Model, data and schedule of <c>dpvr train side-branch</c>.</summary>
internal sealed record SideBranchSettings
{
    /// <summary>Folder of a LLaVA checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>Folder for <c>dpvr.safetensors</c> and <c>dpvr_config.json</c>.</summary>
    public required string Output { get; init; }

    /// <summary>LLaVA conversation file; null trains on synthetic scenes.</summary>
    public string? Data { get; init; }

    /// <summary>Folder that the file's picture paths are below; null: the file's own folder.</summary>
    public string? Images { get; init; }

    /// <summary>First text-only layer; null: the layer of an earlier side branch, else 9/16 of the depth (18 of 32, as in the paper).</summary>
    public int? Saturation { get; init; }

    /// <summary>Layer where the streams meet again; null: the last one.</summary>
    public int? Fusion { get; init; }

    /// <summary>How pictures are made square. Default: as the checkpoint's preprocessor (centre crop).</summary>
    public PictureFit Fit { get; init; } = PictureFit.CenterCrop;

    public required TrainingMachine Machine { get; init; }

    public TrainingOptions Training { get; init; } = new() { Steps = 600, Warmup = 50, LearningRate = 5e-4, SaveEvery = 100, WeightDecay = 0 };
}
