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
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new DecoderLayer(config, $"{Prefix}layers.{i}.", weights, placement, inParts: i == config.Layers - 1))];
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

    internal IEnumerable<Projection> Projections => [.. _layers.SelectMany(l => l.Projections), .. SideBranch?.Projections ?? []];

    internal Tensor FinalNorm(Tensor hidden) => _norm.Apply(hidden);

    /// <summary>
    /// Runs a prefill and returns the last layer's output where <paramref name="readout"/> asks for it, before the final norm:
    /// (B, I + T, D), (B, T, D) or (B, 1, D).
    /// </summary>
    /// <param name="text">Text tokens (B, T, D).</param>
    /// <param name="image">Vision tokens of all images of each row (B, I, D); null when no row has one.</param>
    /// <param name="readout">What is read of the last layer.</param>
    /// <param name="last">For <see cref="Readout.Last"/>: index (B) of each row's last token among vision, then text tokens.</param>
    /// <param name="probe">Looks on; null in normal use.</param>
    internal Tensor Forward(TokenBlock text, TokenBlock? image, Readout readout, Tensor? last = null, IDecoderProbe? probe = null)
    {
        using var scope = NewDisposeScope();
        var mask = _placement.Compute ?? _placement.Dtype;
        var alone = TokenView.Of(text, _rotary, mask);
        var joint = image is null ? alone
            : TokenView.Of(image, text, _rotary, mask);
        long images = image?.Length ?? 0, textLength = text.Length;

        // Vision tokens (B, I, D), text tokens (B, T, D), and while layers see both: (B, I + T, D)
        Tensor? vision = image?.Hidden, together = null;
        var words = text.Hidden;
        for (var i = 0; i < _layers.Length; i++)
        {
            using var layer = NewDisposeScope(); // a layer's temporaries go before the next layer's come
            var sees = vision is not null && Plan.SeesImages(i);
            if (together is not null && (!sees || i == Plan.Saturation))
            {
                vision = together.narrow(1, 0, images).MoveToOuterDisposeScope(); // may be wanted again layers later
                words = together.narrow(1, images, textLength);
                together = null;
            }
            if (vision is not null && i == Plan.Saturation && Plan.HasSideBranch && SideBranch is not null)
            {
                var own = TokenView.Of(image!, _rotary, mask);
                vision = SideBranch.Forward(vision, own.Rope, own.Mask).MoveToOuterDisposeScope();
                probe?.SideBranch(vision);
            }
            if (sees) together ??= cat([vision!, words], 1);

            var (view, hidden, imageTokens) = sees ? (joint, together!, images) : (alone, words, 0L);
            if (i == _layers.Length - 1)
                return Last(_layers[i], view, hidden, imageTokens, readout, LastOf(last, alone, sees, images), probe).MoveToOuterDisposeScope().MoveToOuterDisposeScope();

            hidden = Layer(i, view, hidden, probe).MoveToOuterDisposeScope();
            if (sees) together = hidden;
            else words = hidden;
        }
        throw new InvalidOperationException("A decoder has at least one layer.");
    }

    /// <summary>
    /// Index (B) of each row's last token in what the last layer sees. Where vision tokens were withdrawn and a prompt ends with an
    /// image, that is the last token still there.
    /// </summary>
    private static Tensor? LastOf(Tensor? last, TokenView alone, bool sees, long images)
    {
        if (last is null || sees || images == 0) return last;
        return alone.Valid.sum(1, type: ScalarType.Int64).sub(Scalars.One).clamp(min: Scalars.Zero); // text tokens stand at the row's start, padding after them
    }

    private Tensor Layer(int index, TokenView view, Tensor hidden, IDecoderProbe? probe)
    {
        var layer = _layers[index];
        var (q, k, v) = layer.Project(hidden, view.Rope);
        if (probe?.WantsAttention(index) == true) probe.Attention(index, Attention.Probabilities(q, k, view.Mask));
        var output = layer.Finish(hidden, Attention.Apply(q, k, v, view.Mask));
        probe?.Hidden(index, output);
        return output;
    }

    /// <summary>The last layer: keys and values of every token, queries and the rest only of tokens that are read.</summary>
    private Tensor Last(DecoderLayer layer, TokenView view, Tensor hidden, long imageTokens, Readout readout, Tensor? last, IDecoderProbe? probe)
    {
        if (readout == Readout.Everything || (readout == Readout.Text && imageTokens == 0))
            return Layer(_layers.Length - 1, view, hidden, probe);

        var (k, v) = layer.ProjectKeys(hidden, view.Rope);
        if (readout == Readout.Text)
        {
            var length = hidden.shape[1] - imageTokens;
            Tensor Text(Tensor all, int dimension) => all.narrow(dimension, imageTokens, length);
            var text = Text(hidden, 1);
            var q = layer.ProjectQueries(text, (Text(view.Rope.Cosine, 2), Text(view.Rope.Sine, 2)));
            return layer.Finish(text, Attention.Apply(q, k, v, Text(view.Mask, 2)));
        }
        else
        {
            ArgumentNullException.ThrowIfNull(last);
            var read = TokenBlock.Pick(hidden, last); // (B, 1, D)
            var position = TokenBlock.Pick(view.Positions, last);
            var mask = TokenBlock.Mask(position, TokenBlock.Pick(view.Valid, last), view.Positions, view.Valid, view.Mask.dtype);
            return layer.Finish(read, Attention.Apply(layer.ProjectQueries(read, _rotary.At(position)), k, v, mask));
        }
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        SideBranch?.Dispose();
        _norm.Dispose();
        _rotary.Dispose();
    }
}
