using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// A weight (out, in) as signed bytes, symmetric, with a scale for each output, in oneDNN's layout. Products are exact sums of integers;
/// what is lost is lost in rounding weights and activations.
/// </summary>
internal sealed class ByteWeight : IPackedWeight
{
    private static readonly Lazy<(Tensor One, Tensor Zero)> Numbers = new(() => (ones(1).DetachFromDisposeScope(), zeros(1, dtype: ScalarType.Int32).DetachFromDisposeScope()));
    private readonly Tensor _packed, _scales, _zeros, _bias;

    private ByteWeight(Tensor packed, Tensor scales, Tensor bias) =>
        (_packed, _scales, _zeros, _bias) = (packed, scales, zeros(scales.shape[0], dtype: ScalarType.Int32).DetachFromDisposeScope(), bias);

    /// <summary>Bytes that a weight of this shape takes in all.</summary>
    internal static long BytesOf(long outputs, long inputs) => outputs * (inputs + 2 * sizeof(float) + sizeof(int));

    internal static ByteWeight Of(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using Scalar most = ByteKernels.Most, least = float.Epsilon, middle = -ByteKernels.Middle;
        var scales = weight.abs().amax([1]).div(most); // (out)
        var bytes = (weight / scales.clamp(min: least).unsqueeze(1)).round().to(ScalarType.Int8); // (out, in)
        // Activations come around the middle, so each product has the middle times the sum of its weights too much.
        var bias = bytes.sum(1, type: ScalarType.Float32) * scales.mul(middle);
        return new ByteWeight(OneDnnBytes.Pack(bytes).DetachFromDisposeScope(), scales.DetachFromDisposeScope(), bias.DetachFromDisposeScope());
    }

    public long Bytes => BytesOf(_scales.shape[0], _packed.numel() / _scales.shape[0]);

    public Tensor Apply(Tensor input, Tensor? residual) => Apply(QuantisedRows.Of(input), [.. input.shape[..^1]], residual);

    internal Tensor Apply(QuantisedRows rows, long[] shape, Tensor? residual)
    {
        var product = OneDnnBytes.Linear(rows.Bytes, Numbers.Value.One, Numbers.Value.Zero, _packed, _scales, _zeros, _bias);
        rows.Finish(product, residual);
        return product.view([.. shape, product.shape[1]]);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_packed, _scales, _zeros, _bias]) tensor.Dispose();
    }
}
