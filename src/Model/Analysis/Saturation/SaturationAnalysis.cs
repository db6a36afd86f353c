using Dpvr.Model.Engine;
using Dpvr.Model.Language;
using static TorchSharp.torch;

namespace Dpvr.Model.Analysis.Saturation;

/// <summary>Runs pictures through a dense model and measures where its text stops looking at them (arXiv 2606.09131's saturation).</summary>
public static class SaturationAnalysis
{
    /// <summary>The curve of one prompt over many pictures. Runs on the calling thread.</summary>
    /// <param name="model">Loaded with the dense routing: with another one, vision tokens are missing where they are to be measured.</param>
    /// <param name="scale">Normalisation of the pictures.</param>
    /// <param name="prompt">Token ids with one image token and text after it.</param>
    /// <param name="pictures">8-bit levels (3, S, S) of each picture, read as they are needed.</param>
    /// <param name="batch">Pictures that are computed together.</param>
    /// <param name="progress">Told the number of pictures that are done.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <exception cref="ArgumentException">The model is not dense, the prompt does not fit, or there is no picture.</exception>
    public static SaturationCurve Run(
        LlavaModel model, PixelScale scale, IReadOnlyList<int> prompt, IEnumerable<byte[]> pictures, int batch = 8, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        if (model.Plan.Kind != Routing.RoutingKind.Dense) throw new ArgumentException($"The model runs {model.Plan.Name}; saturation is measured with dense.", nameof(model));
        var image = prompt.ToList().IndexOf(model.Config.ImageTokenIndex);
        if (image < 0 || image == prompt.Count - 1) throw new ArgumentException("The prompt needs an image and text after it.", nameof(prompt));
        if (prompt.Count - 1 + model.Config.ImageTokens > model.Config.Text.MaxPositions)
            throw new ArgumentException($"The prompt has {prompt.Count - 1 + model.Config.ImageTokens} tokens with its image; the model has {model.Config.Text.MaxPositions} positions.", nameof(prompt));

        var curves = new List<float[]>();
        foreach (var chunk in pictures.Chunk(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var mode = inference_mode();
            var size = model.Config.Vision.ImageSize;
            var levels = cat([.. chunk.Select(p => tensor(p).view(1, 3, size, size))], 0).to(model.Placement.Device); // n × (1, 3, S, S) → (n, 3, S, S)
            var masses = Masses(model, [.. chunk.Select(_ => prompt)], model.EncodeImages(scale.Apply(levels)));
            for (var r = 0; r < chunk.Length; r++) curves.Add([.. Enumerable.Range(0, masses.GetLength(1)).Select(l => masses[r, l])]);
            progress?.Report(curves.Count);
        }
        return curves.Count > 0 ? SaturationCurve.Of(curves) : throw new ArgumentException("There is no picture.", nameof(pictures));
    }

    /// <summary>The curves of a batch of prompts (B, L).</summary>
    /// <param name="model">Any routing.</param>
    /// <param name="prompts">Token ids.</param>
    /// <param name="images">Vision tokens (N, P, D) of all images, row by row; null when there are none.</param>
    internal static float[,] Masses(LlavaModel model, IReadOnlyList<IReadOnlyList<int>> prompts, Tensor? images)
    {
        using var scope = NewDisposeScope();
        var batch = PromptBatch.Of(prompts, model.Config.ImageTokenIndex, model.Config.ImageTokens, model.Placement.Device);
        using var probe = new AttentionProbe(batch, model.Config.Text.Layers);
        model.Forward(batch, images, Readout.Everything, probe: probe);
        return probe.Masses;
    }
}
