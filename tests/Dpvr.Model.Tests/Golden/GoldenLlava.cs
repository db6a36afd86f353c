using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>Golden models made ready to run, and golden cases as inputs of them.</summary>
internal static class GoldenLlava
{
    /// <param name="golden">The model.</param>
    /// <param name="variant"><c>dense</c> or <c>dpvr_s{k}</c>.</param>
    /// <param name="packed">Weights as the engine keeps them, or as training does.</param>
    internal static LlavaModel Load(this GoldenModel golden, string variant, bool packed = false)
    {
        using var checkpoint = golden.OpenCheckpoint();
        return Load(checkpoint, GoldenCase.SaturationOf(variant), packed);
    }

    /// <summary>DPVR-LF with a side branch that returns its input, just before the last layer.</summary>
    internal static LlavaModel LoadIdentity(this GoldenModel golden, bool packed = false)
    {
        using var checkpoint = golden.OpenIdentityCheckpoint()!;
        return Load(checkpoint, checkpoint.Dpvr!.SaturationLayer, packed);
    }

    /// <summary>Theory rows: model and case of every model with an identity side branch.</summary>
    internal static TheoryData<string, string> IdentityCases()
    {
        var rows = new TheoryData<string, string>();
        foreach (var model in GoldenFolder.ModelNames.Select(GoldenFolder.Model))
        {
            using var checkpoint = model.OpenIdentityCheckpoint();
            if (checkpoint is null) continue;
            foreach (var golden in model.Cases.Where(c => c.Variants.Contains("dense"))) rows.Add(model.Name, golden.Name);
        }
        return rows;
    }

    internal static IReadOnlyList<IReadOnlyList<int>> Prompts(this GoldenCase golden, bool compact) =>
        [.. golden.Rows.Select(r => compact ? r.IdsCompact : r.IdsExpanded)];

    /// <summary>Normalised pixels of all rows' images (N, 3, S, S), or null.</summary>
    internal static Tensor? Pixels(this GoldenCase golden)
    {
        long[] images = [.. golden.Rows.SelectMany(r => r.Images).Select(i => (long)i)];
        if (images.Length == 0) return null;
        using var inputs = golden.Model.OpenInputs();
        return inputs.Read("pixel_values").index_select(0, tensor(images));
    }

    /// <summary>The rows as requests to the engine, named by their numbers.</summary>
    internal static IEnumerable<GenerationRequest> Requests(this GoldenCase golden, int newTokens, bool compact, StopRules stop)
    {
        using var inputs = golden.Model.OpenInputs();
        using var pixels = inputs.Read("pixel_values");
        return [.. golden.Rows.Select((row, number) => new GenerationRequest
        {
            Id = $"row {number}",
            Prompt = compact ? row.IdsCompact : row.IdsExpanded,
            Images = [.. row.Images.Select(i => PreparedImage.FromNormalized($"image {i}", pixels[i].data<float>().ToArray()))],
            Sampling = new() { MaxNewTokens = newTokens },
            Stop = stop,
        })];
    }

    private static LlavaModel Load(Checkpoint checkpoint, int? saturation, bool packed)
    {
        var layers = checkpoint.Config.Text.Layers;
        var plan = saturation is { } s ? RoutingPlan.DpvrLf(layers, s, checkpoint.Dpvr!.FusionLayer) : RoutingPlan.Dense(layers);
        return new LlavaModel(checkpoint.Config, plan, checkpoint, checkpoint, Placement.Cpu with { Packed = packed });
    }
}
