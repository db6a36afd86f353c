using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using Dpvr.Model.Vision;
using static TorchSharp.torch;

namespace Dpvr.Model;

/// <summary>A LLaVA-1.5 model: CLIP tower, projector and a LLaMA decoder that runs under a routing plan.</summary>
public sealed class LlavaModel : IDisposable
{
    private const string EmbeddingName = "language_model.model.embed_tokens.weight";
    private const string HeadName = "language_model.lm_head.weight";

    private readonly NamedWeight _embedding;
    private readonly Projection? _head;
    private readonly Projector _projector;

    /// <param name="config">Shapes.</param>
    /// <param name="plan">Routing; its side branch, if it has one, comes from <paramref name="sideBranch"/>.</param>
    /// <param name="weights">Weights by their checkpoint names.</param>
    /// <param name="sideBranch">Weights <c>dpvr.side_branch.*</c>; needed by <c>dpvr-lf</c> alone.</param>
    /// <param name="placement">Device and dtype.</param>
    public LlavaModel(LlavaConfig config, RoutingPlan plan, IWeights weights, IWeights? sideBranch, Placement placement)
    {
        if (plan.Layers != config.Text.Layers)
            throw new ArgumentException($"The routing plan is for {plan.Layers} layers; the model has {config.Text.Layers}.", nameof(plan));
        Config = config;
        Placement = placement;
        Tower = new ClipTower(config, weights, placement);
        _projector = new Projector(config, weights, placement);
        _embedding = WeightCopy.Load(EmbeddingName, placement, weights, config.Text.VocabularySize, config.Text.HiddenSize);
        Decoder = new RoutedDecoder(config.Text, plan, weights, sideBranch, placement);
        if (!config.Text.TieWordEmbeddings)
            _head = new Projection(weights, placement, config.Text.HiddenSize, bias: false, (HeadName[..^".weight".Length], config.Text.VocabularySize));
    }

    public LlavaConfig Config { get; }

    public Placement Placement { get; }

    public RoutingPlan Plan => Decoder.Plan;

    public ClipTower Tower { get; }

    internal RoutedDecoder Decoder { get; }

    /// <summary>Memory that all weights take, the side branch's among them.</summary>
    public long WeightBytes =>
        Weights.Concat(SideBranchWeights).Select(w => w.Storage).Distinct().Sum(t => t.numel() * t.element_size())
        + Tower.Projections.Concat(_projector.Projections).Concat(Decoder.Projections).Concat(_head is null ? [] : [_head]).Sum(p => p.PackedBytes);

    /// <summary>All weights but the side branch's, by checkpoint name; of packed ones, which only products can read, nothing.</summary>
    public IEnumerable<NamedWeight> Weights =>
        [.. Tower.Weights, .. _projector.Weights, _embedding, .. Decoder.Weights, .. _head?.Weights ?? []];

    /// <summary>The side branch's weights; empty without one.</summary>
    public IEnumerable<NamedWeight> SideBranchWeights => Decoder.SideBranch?.Weights ?? [];

    /// <summary>Tower features (N, P, dv) → vision tokens (N, P, D).</summary>
    internal Tensor Project(Tensor features)
    {
        using var scope = NewDisposeScope();
        return _projector.Forward(features).to(Placement.Dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Normalised pixels (N, 3, S, S) → vision tokens (N, P, D).</summary>
    public Tensor EncodeImages(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Project(Tower.Forward(pixels)).MoveToOuterDisposeScope();
    }

    /// <summary>Token ids (…) → embeddings (…, D).</summary>
    internal Tensor Embed(Tensor ids) =>
        _embedding.Storage.index_select(0, ids.reshape(-1)).view([.. ids.shape, Config.Text.HiddenSize]);

    /// <summary>Hidden states (…, D) → logits (…, V).</summary>
    internal Tensor Logits(Tensor hidden)
    {
        var normed = Decoder.FinalNorm(hidden);
        if (_head is not null) return _head.Apply(normed);
        return Placement.Packed && OneDnn.Serves(Placement) ? OneDnn.Linear(normed, _embedding.Storage, null) : nn.functional.linear(normed, _embedding.Storage);
    }

    /// <summary>
    /// Runs prompts through the decoder and returns the last layer's output (before the final norm), see <see cref="RoutedDecoder.Forward"/>.
    /// </summary>
    /// <param name="batch">The prompts' layout.</param>
    /// <param name="images">Vision tokens (N, P, D) of all images, row by row in reading order; null when there are none.</param>
    internal Tensor Forward(PromptBatch batch, Tensor? images, Readout readout, IDecoderProbe? probe = null)
    {
        var text = new TokenBlock(Embed(batch.TextIds), batch.TextPositions, batch.TextValid, batch.TextBranch);
        return Decoder.Forward(text, ImageBlock(batch, images), readout, batch.Last, probe);
    }

    private TokenBlock? ImageBlock(PromptBatch batch, Tensor? images)
    {
        if (batch.ImagePositions is null) return null;
        var needed = batch.Images.Sum();
        if (images is null || images.shape[0] != needed)
            throw new ArgumentException($"The prompts name {needed} images; {images?.shape[0] ?? 0} were given.", nameof(images));
        int rows = batch.Images.Count, widest = batch.Images.Max();
        var tokens = images.view(needed, Config.ImageTokens, -1);
        if (batch.Images.Any(n => n != widest))
        {
            var padded = new List<Tensor>(rows);
            var next = 0;
            foreach (var count in batch.Images)
            {
                padded.Add(cat([tokens.narrow(0, next, count), zeros([widest - count, Config.ImageTokens, tokens.shape[2]], dtype: tokens.dtype, device: tokens.device)], 0));
                next += count;
            }
            tokens = cat(padded, 0);
        }
        return new TokenBlock(tokens.reshape(rows, (long)widest * Config.ImageTokens, -1), batch.ImagePositions, batch.ImageValid!); // (B·n, P, D) → (B, n·P, D)
    }

    public void Dispose()
    {
        Tower.Dispose();
        _projector.Dispose();
        _embedding.Storage.Dispose();
        _head?.Dispose();
        Decoder.Dispose();
    }
}
