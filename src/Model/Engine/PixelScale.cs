using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>How 8-bit levels become the numbers a tower was trained on: (level × rescale − mean) ÷ deviation, per channel.</summary>
/// <param name="Mean">Mean of each of the three channels.</param>
/// <param name="Deviation">Standard deviation of each of the three channels.</param>
/// <param name="Rescale">Usually 1/255.</param>
public sealed record PixelScale(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation, double Rescale = 1.0 / 255)
{
    /// <summary>CLIP's mean and deviation, which LLaVA-1.5 uses.</summary>
    public static PixelScale Clip { get; } = new([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]);

    /// <summary>(N, 3, S, S) uint8 → (N, 3, S, S) float32</summary>
    internal Tensor Apply(Tensor levels)
    {
        var mean = tensor(Mean.Select(m => (float)m).ToArray(), device: levels.device).view(1, 3, 1, 1);
        var deviation = tensor(Deviation.Select(d => (float)d).ToArray(), device: levels.device).view(1, 3, 1, 1);
        return (levels.to(ScalarType.Float32) * Rescale - mean) / deviation;
    }
}
