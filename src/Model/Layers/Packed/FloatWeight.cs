using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>A weight (out, in) in oneDNN's own layout.</summary>
internal sealed class FloatWeight : IPackedWeight
{
    private readonly Tensor _packed;
    private readonly Tensor? _bias;

    private FloatWeight(Tensor packed, Tensor? bias) => (_packed, _bias) = (packed, bias);

    /// <summary>Null where there is no layout that serves all numbers of rows. Takes the bias over.</summary>
    internal static FloatWeight? Of(Tensor weight, Tensor? bias) =>
        OneDnn.Pack(weight) is { } packed ? new FloatWeight(packed.DetachFromDisposeScope(), bias) : null;

    public long Bytes => _packed.numel() * _packed.element_size() + (_bias?.numel() * _bias?.element_size() ?? 0);

    public Tensor Apply(Tensor input, Tensor? residual)
    {
        if (residual is null) return OneDnn.Linear(input, _packed, _bias);
        return _bias is null ? OneDnn.LinearOnto(residual, input, _packed) : residual.Plus(OneDnn.Linear(input, _packed, _bias));
    }

    public void Dispose()
    {
        _packed.Dispose();
        _bias?.Dispose();
    }
}
