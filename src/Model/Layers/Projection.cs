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
    private readonly Tensor _weight; // (out, in)
    private readonly Tensor? _bias; // (out)
    private readonly bool _oneDnn, _packed;
    private readonly long _inputs;

    internal Projection(IWeights weights, Placement placement, long inputs, bool bias, params (string Name, long Rows)[] parts)
        : this(weights, placement, inputs, bias, inParts: false, parts)
    {
    }

    /// <param name="weights">Where the weights come from.</param>
    /// <param name="placement">Device and dtype.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="bias">Whether the parts have one.</param>
    /// <param name="inParts">True when <see cref="ApplyRows"/> will be called, for which weights must stay as they are.</param>
    /// <param name="parts">Checkpoint names without <c>.weight</c>, and their output rows.</param>
    internal Projection(IWeights weights, Placement placement, long inputs, bool bias, bool inParts, params (string Name, long Rows)[] parts)
    {
        _parts = parts;
        _compute = placement.Compute;
        _inputs = inputs;
        var outputs = parts.Sum(p => p.Rows);
        _weight = placement.Empty(outputs, inputs);
        _bias = bias ? placement.Empty(outputs) : null;
        foreach (var part in Named(_weight, ".weight")) part.CopyFrom(weights);
        if (_bias is not null) foreach (var part in Named(_bias, ".bias")) part.CopyFrom(weights);

        _oneDnn = placement.Packed && OneDnn.Serves(placement);
        if (!_oneDnn || inParts) return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (OneDnn.Pack(_weight) is not { } packed) return;
        _weight.Dispose(); // one weight at a time exists twice
        _weight = packed.DetachFromDisposeScope();
        _packed = true;
    }

    /// <summary>(…, in) → (…, out), all parts side by side.</summary>
    internal Tensor Apply(Tensor input) => Apply(input, _weight, _bias);

    /// <summary>What <see cref="Apply(Tensor)"/> gives, added to <paramref name="residual"/> (…, out) while it is still in the processor's registers.</summary>
    internal Tensor ApplyOnto(Tensor residual, Tensor input)
    {
        if (!_oneDnn || _bias is not null) return residual.Plus(Apply(input));
        var start = ComputeClock.Start();
        var sum = OneDnn.LinearOnto(residual, input, _weight);
        ComputeClock.Product(start, 2.0 * sum.numel() * _inputs);
        return sum;
    }

    /// <summary>The same product with only rows <paramref name="first"/>… of the weights, for example K and V without Q.</summary>
    internal Tensor ApplyRows(Tensor input, long first, long rows) => _packed
        ? throw new InvalidOperationException($"{_parts[0].Name} was loaded for whole products.")
        : Apply(input, _weight.narrow(0, first, rows), _bias?.narrow(0, first, rows));

    private Tensor Apply(Tensor input, Tensor weight, Tensor? bias)
    {
        var start = ComputeClock.Start();
        var product = Product(input, weight, bias);
        ComputeClock.Product(start, 2.0 * product.numel() * _inputs);
        return product;
    }

    private Tensor Product(Tensor input, Tensor weight, Tensor? bias)
    {
        if (_oneDnn) return OneDnn.Linear(input, weight, bias);
        if (_compute is not { } compute) return nn.functional.linear(input, weight, bias);
        var product = nn.functional.linear(input.to(compute), weight.to(compute));
        return bias is null ? product : product.Plus(bias.to(compute));
    }

    internal IEnumerable<NamedWeight> Weights => _bias is null ? Named(_weight, ".weight") : Named(_weight, ".weight").Concat(Named(_bias, ".bias"));

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
        _weight.Dispose();
        _bias?.Dispose();
    }
}
