using Dpvr.Model.Checkpoints;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// One or several linear layers that read the same input, fused into one product: a part per checkpoint tensor,
/// stacked along the output rows.
/// </summary>
internal sealed class Projection : IDisposable
{
    private readonly (string Name, long Rows)[] _parts;
    private readonly ScalarType? _compute;
    private readonly Tensor _weight; // (out, in); disposed where it is packed
    private readonly Tensor? _bias; // (out)
    private readonly IPackedWeight[] _packed; // pieces of output rows; empty where weights stay as they are
    private readonly bool _oneDnn;
    private readonly long _inputs, _cut;

    internal Projection(IWeights weights, Placement placement, long inputs, bool bias, params (string Name, long Rows)[] parts)
        : this(weights, placement, inputs, bias, cut: 0, parts)
    {
    }

    /// <param name="weights">Where the weights come from.</param>
    /// <param name="placement">Device and dtype.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="bias">Whether the parts have one.</param>
    /// <param name="cut">Output row at which <see cref="ApplyRows"/> may begin or end; 0 where it will not be called.</param>
    /// <param name="parts">Checkpoint names without <c>.weight</c>, and their output rows.</param>
    internal Projection(IWeights weights, Placement placement, long inputs, bool bias, long cut, params (string Name, long Rows)[] parts)
    {
        _parts = parts;
        _compute = placement.Compute;
        (_inputs, _cut) = (inputs, cut);
        var outputs = parts.Sum(p => p.Rows);
        _weight = placement.Empty(outputs, inputs);
        _bias = bias ? placement.Empty(outputs) : null;
        foreach (var part in Named(_weight, ".weight")) part.CopyFrom(weights);
        if (_bias is not null) foreach (var part in Named(_bias, ".bias")) part.CopyFrom(weights);

        _oneDnn = placement.Packed && OneDnn.Serves(placement);
        _packed = placement.Packed ? PackedWeight.Of(_weight, _bias, cut, placement) : [];
        if (_packed.Length > 0) _weight.Dispose(); // one weight at a time exists twice
    }

    /// <summary>(…, in) → (…, out), all parts side by side.</summary>
    internal Tensor Apply(Tensor input) => Timed(() => _packed.Length switch
    {
        0 => Plain(input, _weight, _bias),
        1 => _packed[0].Apply(input, residual: null),
        _ => cat([.. _packed.Select(p => p.Apply(input, residual: null))], -1),
    });

    /// <summary>What <see cref="Apply(Tensor)"/> gives, added to <paramref name="residual"/> (…, out) while it is still in the processor's caches.</summary>
    internal Tensor ApplyOnto(Tensor residual, Tensor input) =>
        _packed.Length == 1 ? Timed(() => _packed[0].Apply(input, residual)) : residual.Plus(Apply(input));

    /// <summary>The same product with only rows <paramref name="first"/>… of the weights, for example K and V without Q.</summary>
    internal Tensor ApplyRows(Tensor input, long first, long rows) => Timed(() =>
    {
        if (_packed.Length == 0) return Plain(input, _weight.narrow(0, first, rows), _bias?.narrow(0, first, rows));
        if (_packed.Length == 1 || (first == 0 ? rows : first) != _cut) throw new InvalidOperationException($"{_parts[0].Name} was not loaded to be cut there.");
        return _packed[first == 0 ? 0 : 1].Apply(input, residual: null);
    });

    private Tensor Timed(Func<Tensor> compute)
    {
        var start = ComputeClock.Start();
        var product = compute();
        ComputeClock.Product(start, 2.0 * product.numel() * _inputs);
        return product;
    }

    private Tensor Plain(Tensor input, Tensor weight, Tensor? bias)
    {
        if (_oneDnn) return OneDnn.Linear(input, weight, bias);
        if (_compute is not { } compute) return nn.functional.linear(input, weight, bias);
        var product = nn.functional.linear(input.to(compute), weight.to(compute));
        return bias is null ? product : product.Plus(bias.to(compute));
    }

    /// <summary>The parts by their names; none where they are packed, for then nobody else can read them.</summary>
    internal IEnumerable<NamedWeight> Weights => _packed.Length > 0 ? []
        : _bias is null ? Named(_weight, ".weight") : Named(_weight, ".weight").Concat(Named(_bias, ".bias"));

    /// <summary>Memory of what is packed.</summary>
    internal long PackedBytes => _packed.Sum(p => p.Bytes);

    private IEnumerable<NamedWeight> Named(Tensor storage, string suffix)
    {
        var row = 0L;
        foreach (var (name, rows) in _parts)
        {
            yield return new NamedWeight(name + suffix, storage, row, rows);
            row += rows;
        }
    }

    public void Dispose()
    {
        foreach (var piece in _packed) piece.Dispose();
        _weight.Dispose();
        _bias?.Dispose();
    }
}
