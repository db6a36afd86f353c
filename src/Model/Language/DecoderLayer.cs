using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>
/// One LLaMA decoder layer, cut where routing needs it: projections, attention and the rest are separate steps, because
/// a layer may be asked for the keys and values of some tokens and the output of others.
/// </summary>
internal sealed class DecoderLayer : IDisposable
{
    private readonly int _heads, _keyValueHeads, _headDim;
    private readonly RmsNorm _inputNorm, _postNorm;
    private readonly Projection _qkv, _out, _gateUp, _down;

    /// <param name="config">Shapes.</param>
    /// <param name="prefix">Of the layer's names in the checkpoint.</param>
    /// <param name="weights">Where the weights come from.</param>
    /// <param name="placement">Device and dtype.</param>
    /// <param name="inParts">True for a layer that is asked for keys or queries alone.</param>
    internal DecoderLayer(TextConfig config, string prefix, IWeights weights, Placement placement, bool inParts = false)
    {
        (_heads, _keyValueHeads, _headDim) = (config.Heads, config.KeyValueHeads, config.HeadDim);
        long width = config.HiddenSize, queries = _heads * _headDim, keys = _keyValueHeads * _headDim;
        _inputNorm = new RmsNorm(prefix + "input_layernorm", weights, placement, width, config.RmsNormEps);
        _postNorm = new RmsNorm(prefix + "post_attention_layernorm", weights, placement, width, config.RmsNormEps);
        _qkv = new Projection(weights, placement, width, bias: false, cut: inParts ? queries : 0,
            (prefix + "self_attn.q_proj", queries), (prefix + "self_attn.k_proj", keys), (prefix + "self_attn.v_proj", keys));
        _out = new Projection(weights, placement, queries, bias: false, (prefix + "self_attn.o_proj", width));
        _gateUp = new Projection(weights, placement, width, bias: false,
            (prefix + "mlp.gate_proj", config.IntermediateSize), (prefix + "mlp.up_proj", config.IntermediateSize));
        _down = new Projection(weights, placement, config.IntermediateSize, bias: false, (prefix + "mlp.down_proj", width));
    }

    internal IEnumerable<Projection> Projections => [_qkv, _out, _gateUp, _down];

    internal IEnumerable<NamedWeight> Weights =>
        [.. _qkv.Weights, .. _out.Weights, .. _gateUp.Weights, .. _down.Weights, _inputNorm.Weight, _postNorm.Weight];

    /// <summary>(B, T, D) → rotated q (B, H, T, Dh), rotated k and plain v (B, Hkv, T, Dh).</summary>
    internal (Tensor Q, Tensor K, Tensor V) Project(Tensor hidden, (Tensor, Tensor) rope)
    {
        var turned = _heads + _keyValueHeads; // q and k turn by the same angles: one pass
        var (rotated, plain) = Rotate(_qkv.Apply(_inputNorm.Apply(hidden)), turned, turned + _keyValueHeads, rope);
        return (rotated.narrow(1, 0, _heads), rotated.narrow(1, _heads, _keyValueHeads), plain!);
    }

    /// <summary>Only the keys and values: what a token needs whose own output nobody reads.</summary>
    internal (Tensor K, Tensor V) ProjectKeys(Tensor hidden, (Tensor, Tensor) rope)
    {
        var rows = (long)_headDim * _keyValueHeads;
        var (keys, values) = Rotate(_qkv.ApplyRows(_inputNorm.Apply(hidden), (long)_headDim * _heads, 2 * rows), _keyValueHeads, 2 * _keyValueHeads, rope);
        return (keys, values!);
    }

    /// <summary>Only the rotated queries.</summary>
    internal Tensor ProjectQueries(Tensor hidden, (Tensor, Tensor) rope) =>
        Rotate(_qkv.ApplyRows(_inputNorm.Apply(hidden), 0, (long)_headDim * _heads), _heads, _heads, rope).Turned;

    /// <summary>Residual (B, T, D) and attention output (B, T, H·Dh) → the layer's output (B, T, D).</summary>
    internal Tensor Finish(Tensor residual, Tensor context)
    {
        var hidden = _out.ApplyOnto(residual, context);
        return _down.ApplyOnto(hidden, Gate(_gateUp.Apply(_postNorm.Apply(hidden))));
    }

    /// <summary>(B, T, 2·F) → (B, T, F)</summary>
    private static Tensor Gate(Tensor gateUp)
    {
        if (CpuRows.Serves(gateUp)) return CpuRows.Gate(gateUp);
        var parts = gateUp.chunk(2, -1);
        return nn.functional.silu(parts[0]) * parts[1];
    }

    /// <summary>(B, T, h·Dh) → the first <paramref name="turned"/> of its heads rotated (B, turned, T, Dh), and those behind them as they are.</summary>
    private (Tensor Turned, Tensor? Plain) Rotate(Tensor projected, int turned, int heads, (Tensor Cosine, Tensor Sine) rope)
    {
        var inPlace = CpuRows.Serves(projected) && projected.dtype == rope.Cosine.dtype;
        if (inPlace) CpuRows.Rotate(projected, turned, _headDim, rope);
        var split = Split(projected, heads);
        var first = turned == heads ? split : split.narrow(1, 0, turned);
        return (inPlace ? first : Rotary.Apply(first, rope), turned == heads ? null : split.narrow(1, turned, heads - turned));
    }

    /// <summary>The whole layer over one block of tokens.</summary>
    internal Tensor Forward(Tensor hidden, (Tensor, Tensor) rope, Tensor? mask)
    {
        var (q, k, v) = Project(hidden, rope);
        return Finish(hidden, Attention.Apply(q, k, v, mask));
    }

    private Tensor Split(Tensor projected, int heads) =>
        projected.view(projected.shape[0], projected.shape[1], heads, _headDim).transpose(1, 2); // (B, T, h·Dh) → (B, h, T, Dh)

    public void Dispose()
    {
        foreach (var projection in Projections) projection.Dispose();
        _inputNorm.Dispose();
        _postNorm.Dispose();
    }
}
