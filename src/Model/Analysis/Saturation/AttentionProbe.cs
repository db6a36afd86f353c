using Dpvr.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Analysis.Saturation;

/// <summary>
/// Measures in every layer how much text looks at the picture: attention mass from the text positions after a row's last vision
/// token to all its vision tokens, mean over heads and those positions; 0 without such positions and in layers that see no vision tokens.
/// </summary>
internal sealed class AttentionProbe : IDecoderProbe, IDisposable
{
    // Held here, for a scalar made in passing may be finalised while the native call still reads it.
    private static readonly Scalar Nowhere = -1L, Zero = 0L, One = 1.0;

    private readonly Tensor _after; // (B, T): 1 at the text positions that count
    private readonly Tensor _count; // (B)
    private readonly float[,] _masses; // (B, L)
    private readonly long _images;

    internal AttentionProbe(PromptBatch batch, int layers)
    {
        using var scope = NewDisposeScope();
        _masses = new float[batch.Images.Count, layers];
        _images = batch.ImagePositions?.shape[1] ?? 0;
        var after = zeros_like(batch.TextIds).to(ScalarType.Float32);
        if (batch.ImagePositions is not null)
        {
            var lastImage = batch.ImagePositions.masked_fill(batch.ImageValid!.logical_not(), Nowhere).amax([1], keepdim: true); // (B, I) → (B, 1)
            var counts = batch.TextPositions.gt(lastImage).logical_and(lastImage.ge(Zero)).logical_and(batch.TextValid);
            after = counts.to(ScalarType.Float32);
        }
        _after = after.DetachFromDisposeScope();
        _count = after.sum(1).clamp_min(One).DetachFromDisposeScope();
    }

    /// <summary>(B, L)</summary>
    internal float[,] Masses => _masses;

    public bool WantsAttention(int layer) => _images > 0;

    public void Attention(int layer, Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        var text = _after.shape[1];
        if (probabilities.shape[3] != _images + text) return; // a text-only layer
        // (B, H, I + T, I + T) → (B, H, T, I) → mass of each text token, mean over heads (B, T) → (B)
        var mass = probabilities.narrow(2, _images, text).narrow(3, 0, _images).sum(-1).mean([1]);
        using var row = (mass * _after).sum(1).div(_count).to(ScalarType.Float32).cpu().contiguous();
        var values = row.data<float>();
        for (var r = 0; r < _masses.GetLength(0); r++) _masses[r, layer] = values[r];
    }

    public void Hidden(int layer, Tensor hidden)
    {
    }

    public void SideBranch(Tensor hidden)
    {
    }

    public void Dispose()
    {
        _after.Dispose();
        _count.Dispose();
    }
}
