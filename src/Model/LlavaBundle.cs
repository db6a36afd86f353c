using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Pictures;
using Dpvr.Model.Routing;
using Dpvr.Model.Runtime;
using Dpvr.Model.Tokens;

namespace Dpvr.Model;

/// <summary>Everything that captioning needs from one model folder, loaded for one routing.</summary>
public sealed class LlavaBundle : IDisposable
{
    private LlavaBundle(Checkpoint checkpoint, RoutingPlan plan, Placement placement, int? visualTokens, Action<LlavaConfig, RoutingPlan, PromptEncoder>? beforeWeights)
    {
        Folder = checkpoint.Folder;
        Tokenizer = Tokenizer.Load(Folder);
        checkpoint.RequireVocabulary(Tokenizer.VocabularySize);
        Prompts = new PromptEncoder(Tokenizer, ChatTemplate.Load(Folder), checkpoint.Config.ImageTokenIndex);
        Images = ImageProcessor.Load(Folder);
        if (Images.Size != checkpoint.Config.Vision.ImageSize)
            throw new CheckpointException($"{Folder}: preprocessor_config.json makes pictures of {Images.Size}, the tower of config.json reads {checkpoint.Config.Vision.ImageSize}.");
        Generation = checkpoint.Generation;
        Revision = checkpoint.Revision;
        WeightBytes = checkpoint.WeightBytes;
        var config = checkpoint.Config.Keeping(visualTokens);
        beforeWeights?.Invoke(config, plan, Prompts);
        Model = new LlavaModel(config, plan, checkpoint, checkpoint, placement);
    }

    public string Folder { get; }

    public LlavaModel Model { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>Questions and conversations → token ids.</summary>
    public PromptEncoder Prompts { get; }

    /// <summary>Pictures → what the tower reads.</summary>
    public ImageProcessor Images { get; }

    /// <summary>How the checkpoint wants to be sampled, its stop tokens among it.</summary>
    public GenerationConfig Generation { get; }

    /// <summary>Content id of the checkpoint, part of the identity of work.</summary>
    public string Revision { get; }

    /// <summary>Bytes of the weight files.</summary>
    public long WeightBytes { get; }

    /// <summary>The stop tokens of the checkpoint.</summary>
    public StopRules Stop => new([.. Generation.EosTokenIds]);

    /// <param name="folder">A LLaVA-1.5 checkpoint in the layout of <c>llava-hf/llava-1.5-7b-hf</c>.</param>
    /// <param name="routing"><c>dense</c>, <c>withdraw</c>, <c>dpvr-lf</c>, or <c>auto</c>: dpvr-lf where a side branch lies in the folder, else dense.</param>
    /// <param name="saturation">Layer at which vision tokens leave; the trained side branch's when left out, for <c>withdraw</c> without one the middle.</param>
    /// <param name="placement">Device and dtype; CPU and float32 when left out.</param>
    /// <param name="visualTokens">Vision tokens of an image that are kept; all when left out.</param>
    /// <param name="beforeWeights">Told shapes, routing and prompts before a weight is read; what it throws ends the loading.</param>
    /// <exception cref="CheckpointException">The folder cannot be used; the message names file and tensor.</exception>
    /// <exception cref="ArgumentException">Not a routing, or not a number of vision tokens.</exception>
    public static LlavaBundle Load(string folder, string routing = "auto", int? saturation = null, Placement? placement = null, int? visualTokens = null,
        Action<LlavaConfig, RoutingPlan, PromptEncoder>? beforeWeights = null)
    {
        LibTorch.EnsureLoaded();
        using var checkpoint = Checkpoint.Open(folder);
        return new LlavaBundle(checkpoint, Plan(checkpoint, routing, saturation), (placement ?? Placement.Cpu) with { Packed = true }, visualTokens, beforeWeights);
    }

    /// <summary>The plan of a routing for a checkpoint, as <see cref="Load"/> would choose it.</summary>
    public static RoutingPlan Plan(Checkpoint checkpoint, string routing, int? saturation)
    {
        var layers = checkpoint.Config.Text.Layers;
        switch (routing)
        {
            case "auto": return Plan(checkpoint, checkpoint.Dpvr is null ? "dense" : "dpvr-lf", saturation);
            case "dense": return RoutingPlan.Dense(layers);
            case "withdraw": return RoutingPlan.Withdraw(layers, saturation ?? checkpoint.Dpvr?.SaturationLayer ?? Math.Max(1, layers / 2));
            case "dpvr-lf":
                var trained = checkpoint.Dpvr ?? throw new CheckpointException(
                    $"{Path.Combine(checkpoint.Folder, SideBranchFiles.WeightsName)} is missing: the routing dpvr-lf needs a side branch trained for this model. " +
                    $"Train one with 'dpvr train side-branch --model {checkpoint.Folder}', or use the routing dense or withdraw, which need none.");
                return RoutingPlan.DpvrLf(layers, saturation ?? trained.SaturationLayer, trained.FusionLayer);
            default: throw new ArgumentException($"'{routing}' is not a routing; allowed are auto, dense, withdraw and dpvr-lf.", nameof(routing));
        }
    }

    public void Dispose() => Model.Dispose();
}
