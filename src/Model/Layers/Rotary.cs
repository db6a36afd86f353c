using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// Rotary position embedding as LLaMA stores it: dimension j pairs with j + Dh/2 (half split), frequency theta^(-2j/Dh).
/// The tables are float32; the rotation is applied in the dtype of the queries.
/// </summary>
internal sealed class Rotary : IDisposable
{
    private readonly Tensor _cosine; // (P, Dh)
    private readonly Tensor _sine; // (P, Dh), first half negated: rotate-half folded into the table

    internal Rotary(int headDim, double theta, int positions, Placement placement)
    {
        using var scope = NewDisposeScope();
        var half = headDim / 2;
        float[] cosine = new float[positions * headDim], sine = new float[positions * headDim]; // (P, Dh)
        for (var j = 0; j < half; j++)
        {
            var frequency = Math.Pow(theta, -2.0 * j / headDim);
            for (var p = 0; p < positions; p++)
            {
                var (sin, cos) = Math.SinCos(p * frequency);
                cosine[p * headDim + j] = cosine[p * headDim + half + j] = (float)cos;
                (sine[p * headDim + j], sine[p * headDim + half + j]) = (-(float)sin, (float)sin);
            }
        }
        var activation = placement.Compute ?? placement.Dtype;
        _cosine = tensor(cosine).view(positions, headDim).to(activation, placement.Device, copy: true).DetachFromDisposeScope();
        _sine = tensor(sine).view(positions, headDim).to(activation, placement.Device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Cosine and sine of every token: positions (B, T) → two tensors (B, 1, T, Dh).</summary>
    internal (Tensor Cosine, Tensor Sine) At(Tensor positions)
    {
        long rows = positions.shape[0], tokens = positions.shape[1], dim = _cosine.shape[1];
        var flat = positions.reshape(-1);
        return (_cosine.index_select(0, flat).view(rows, 1, tokens, dim), _sine.index_select(0, flat).view(rows, 1, tokens, dim));
    }

    /// <summary>(B, H, T, Dh) rotated by its positions.</summary>
    internal static Tensor Apply(Tensor heads, (Tensor Cosine, Tensor Sine) at)
    {
        var half = heads.shape[^1] / 2;
        var swapped = cat([heads.narrow(-1, half, half), heads.narrow(-1, 0, half)], -1);
        return (heads * at.Cosine).addcmul(swapped, at.Sine, Scalars.One);
    }

    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }
}
