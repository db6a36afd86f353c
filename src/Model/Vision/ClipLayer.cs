using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Vision;

/// <summary>One pre-norm encoder layer of the CLIP tower.</summary>
internal sealed class ClipLayer : IDisposable
{
    private readonly int _heads;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly LayerNorm _norm1, _norm2;
    private readonly Projection _qkv, _out, _fc1, _fc2;

    internal ClipLayer(VisionConfig config, string prefix, IWeights weights, Placement placement)
    {
        placement = placement with { Bytes = false }; // a hundredth of a caption's work, and all of its evidence
        long width = config.HiddenSize;
        _heads = config.Heads;
        _activation = Activation.Named(config.HiddenAct);
        _norm1 = new LayerNorm(prefix + "layer_norm1", weights, placement, width, config.LayerNormEps);
        _norm2 = new LayerNorm(prefix + "layer_norm2", weights, placement, width, config.LayerNormEps);
        _qkv = new Projection(weights, placement, width, bias: true,
            (prefix + "self_attn.q_proj", width), (prefix + "self_attn.k_proj", width), (prefix + "self_attn.v_proj", width));
        _out = new Projection(weights, placement, width, bias: true, (prefix + "self_attn.out_proj", width));
        _fc1 = new Projection(weights, placement, width, bias: true, (prefix + "mlp.fc1", config.IntermediateSize));
        _fc2 = new Projection(weights, placement, config.IntermediateSize, bias: true, (prefix + "mlp.fc2", width));
    }

    internal IEnumerable<Projection> Projections => [_qkv, _out, _fc1, _fc2];

    internal IEnumerable<NamedWeight> Weights =>
        [.. _norm1.Weights, .. _norm2.Weights, .. _qkv.Weights, .. _out.Weights, .. _fc1.Weights, .. _fc2.Weights];

    /// <summary>(N, P+1, dv) → (N, P+1, dv)</summary>
    internal Tensor Forward(Tensor hidden) => Forward(hidden, withClass: false).Hidden;

    /// <summary>The same, and on request how much the class token looks at each patch, mean over heads: (N, P).</summary>
    internal (Tensor Hidden, Tensor? ClassAttention) Forward(Tensor hidden, bool withClass)
    {
        var normed = _norm1.Apply(hidden);
        long rows = hidden.shape[0], tokens = hidden.shape[1];
        var qkv = _qkv.Apply(normed).view(rows, tokens, 3, _heads, -1).permute(2, 0, 3, 1, 4); // (N, P+1, 3·dv) → (3, N, H, P+1, Dh)
        hidden = hidden.Plus(_out.Apply(Attention.Apply(qkv[0], qkv[1], qkv[2], mask: null)));
        hidden = hidden.Plus(_fc2.Apply(_activation(_fc1.Apply(_norm2.Apply(hidden)))));
        if (!withClass) return (hidden, null);
        var looks = Attention.Probabilities(qkv[0].narrow(2, 0, 1), qkv[1], mask: null); // (N, H, 1, P+1)
        return (hidden, looks.squeeze(2).mean([1]).narrow(1, 1, tokens - 1));
    }

    public void Dispose()
    {
        foreach (var projection in Projections) projection.Dispose();
        _norm1.Dispose();
        _norm2.Dispose();
    }
}
