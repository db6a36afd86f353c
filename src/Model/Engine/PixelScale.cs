using Dpvr.Model.Layers;
using Dpvr.Model.Pictures;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>How 8-bit levels become the numbers a tower was trained on: (level ÷ 255 − mean) ÷ deviation, per channel.</summary>
/// <param name="Mean">Mean of each of the three channels, in units of 0–1.</param>
/// <param name="Deviation">Standard deviation of each of the three channels.</param>
public sealed record PixelScale(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation)
{
    /// <summary>What LLaVA-1.5 uses.</summary>
    public static PixelScale Clip { get; } = new(ImageProcessor.ClipMean, ImageProcessor.ClipStd);

    /// <summary>The same normalisation as <paramref name="processor"/>'s, found by asking it what black and white become.</summary>
    public static PixelScale Of(ImageProcessor processor)
    {
        var levels = new byte[processor.PictureLength];
        var black = processor.Normalise(levels);
        Array.Fill(levels, (byte)255);
        var white = processor.Normalise(levels);
        double[] deviation = [.. Enumerable.Range(0, 3).Select(c => 1 / ((double)white[At(c)] - black[At(c)]))];
        return new([.. deviation.Select((d, c) => -black[At(c)] * d)], deviation);

        int At(int channel) => channel * processor.Size * processor.Size;
    }

    /// <summary>(N, 3, S, S) uint8 → (N, 3, S, S) float32</summary>
    internal Tensor Apply(Tensor levels)
    {
        var mean = tensor(Mean.Select(m => (float)m).ToArray(), device: levels.device).view(1, 3, 1, 1);
        var deviation = tensor(Deviation.Select(d => (float)d).ToArray(), device: levels.device).view(1, 3, 1, 1);
        return (levels.to(ScalarType.Float32).Times(1.0 / 255) - mean) / deviation;
    }
}
