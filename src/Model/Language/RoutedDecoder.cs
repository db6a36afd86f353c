using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>
/// The LLaMA decoder under a <see cref="RoutingPlan"/>. Dense, withdraw and DPVR-LF are one path: a layer either sees
/// vision and text tokens together or text tokens alone, and between the two the side branch may take the vision tokens.
/// </summary>
internal sealed class RoutedDecoder : IDisposable
{
    internal const string SideBranchPrefix = "dpvr.side_branch.";
    private const string Prefix = "language_model.model.";

    private readonly Placement _placement;
    private readonly DecoderLayer[] _layers;
    private readonly RmsNorm _norm;
    private readonly Rotary _rotary;

    internal RoutedDecoder(TextConfig config, RoutingPlan plan, IWeights weights, IWeights? sideBranch, Placement placement)
    {
        Plan = plan;
        _placement = placement;
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new DecoderLayer(config, $"{Prefix}layers.{i}.", weights, placement))];
        _norm = new RmsNorm(Prefix + "norm", weights, placement, config.HiddenSize, config.RmsNormEps);
        _rotary = new Rotary(config.HeadDim, config.RopeTheta, config.MaxPositions, placement);
        if (plan.HasSideBranch)
            SideBranch = new DecoderLayer(config, SideBranchPrefix, sideBranch ?? throw new ArgumentNullException(nameof(sideBranch), "dpvr-lf needs a trained side branch."), placement);
    }

    /// <summary>The plan in force. Settable because training draws a routing per step over the same weights.</summary>
    internal RoutingPlan Plan { get; set; }

    internal DecoderLayer? SideBranch { get; }

    internal IReadOnlyList<DecoderLayer> Layers => _layers;

    internal Rotary Rotary => _rotary;

    internal IEnumerable<NamedWeight> Weights => [.. _layers.SelectMany(l => l.Weights), _norm.Weight];

    internal Tensor FinalNorm(Tensor hidden) => _norm.Apply(hidden);

    /// <summary>
    /// Runs a prefill and returns the last layer's output where <paramref name="readout"/> asks for it, before the final norm:
    /// (B, I + T, D), (B, T, D) or (B, 1, D).
    /// </summary>
    /// <param name="text">Text tokens (B, T, D).</param>
    /// <param name="image">Vision tokens of all images of each row (B, I, D); null when no row has one.</param>
    /// <param name="readout">What is read of the last layer.</param>
    /// <param name="last">For <see cref="Readout.Last"/>: index (B) of each row's last token among vision, then text tokens.</param>
    /// <param name="sink">Takes keys and values; null in training.</param>
    /// <param name="probe">Looks on; null in normal use.</param>
    internal Tensor Forward(TokenBlock text, TokenBlock? image, Readout readout, Tensor? last = null, IKeyValueSink? sink = null, IDecoderProbe? probe = null)
    {
        var textRope = _rotary.At(text.Positions);
        var imageRope = image is null ? default : _rotary.At(image.Positions);
        for (var i = 0; i < _layers.Length; i++)
        {
            if (image is not null && i == Plan.Saturation && SideBranch is not null && Plan.HasSideBranch)
            {
                image = image with { Hidden = SideBranch.Forward(image.Hidden, imageRope, Mask(image, image)) };
                probe?.SideBranch(image.Hidden);
            }
            var together = image is not null && Plan.SeesImages(i);
            var block = together ? image!.Then(text) : text;
            var rope = together ? (cat([imageRope.Cosine, textRope.Cosine], 2), cat([imageRope.Sine, textRope.Sine], 2)) : textRope;
            var imageTokens = together ? image!.Length : 0;

            if (i == _layers.Length - 1)
                return Last(_layers[i], block, rope, imageTokens, image?.Length ?? 0, readout, last, sink, probe);

            var hidden = Layer(i, block, rope, imageTokens, sink, probe);
            if (together) image = image! with { Hidden = hidden.narrow(1, 0, imageTokens) };
            text = text with { Hidden = hidden.narrow(1, imageTokens, text.Length) };
        }
        throw new InvalidOperationException("A decoder has at least one layer.");
    }

    private Tensor Layer(int index, TokenBlock block, (Tensor, Tensor) rope, long imageTokens, IKeyValueSink? sink, IDecoderProbe? probe)
    {
        var layer = _layers[index];
        var (q, k, v) = layer.Project(block.Hidden, rope);
        sink?.Store(index, k, v, imageTokens);
        var mask = Mask(block, block);
        if (probe?.WantsAttention(index) == true) probe.Attention(index, Attention.Probabilities(q, k, mask));
        var hidden = layer.Finish(block.Hidden, Attention.Apply(q, k, v, mask));
        probe?.Hidden(index, hidden);
        return hidden;
    }

    /// <summary>The last layer: keys and values of every token, queries and the rest only of tokens that are read.</summary>
    private Tensor Last(DecoderLayer layer, TokenBlock block, (Tensor Cosine, Tensor Sine) rope, long imageTokens, long allImageTokens,
        Readout readout, Tensor? last, IKeyValueSink? sink, IDecoderProbe? probe)
    {
        if (readout == Readout.Everything || (readout == Readout.Text && imageTokens == 0))
            return Layer(_layers.Length - 1, block, rope, imageTokens, sink, probe);

        var (k, v) = layer.ProjectKeys(block.Hidden, rope);
        sink?.Store(_layers.Length - 1, k, v, imageTokens);
        TokenBlock read;
        (Tensor, Tensor) readRope;
        if (readout == Readout.Text)
        {
            var length = block.Length - imageTokens;
            read = block.Part(imageTokens, length);
            readRope = (rope.Cosine.narrow(2, imageTokens, length), rope.Sine.narrow(2, imageTokens, length));
        }
        else
        {
            ArgumentNullException.ThrowIfNull(last);
            // Where vision tokens were withdrawn, the block holds text alone and text indices start at 0.
            read = block.Pick(imageTokens == allImageTokens ? last : (last - allImageTokens).clamp(0));
            readRope = _rotary.At(read.Positions);
        }
        var q = layer.ProjectQueries(read.Hidden, readRope);
        return layer.Finish(read.Hidden, Attention.Apply(q, k, v, Mask(read, block)));
    }

    private Tensor Mask(TokenBlock queries, TokenBlock keys) => TokenBlock.Mask(queries, keys, _placement.Compute ?? _placement.Dtype);

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        SideBranch?.Dispose();
        _norm.Dispose();
        _rotary.Dispose();
    }
}
