using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dpvr.Model.Analysis.Plots;
using Dpvr.Model.Analysis.Saturation;

namespace Dpvr.Cli.Analyze;

/// <summary>What was measured, as it is written to files.</summary>
internal sealed record SaturationReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Model { get; init; }
    public required string Revision { get; init; }
    public required string Pictures { get; init; }
    public required int Count { get; init; }
    public required int Failed { get; init; }
    public required string Prompt { get; init; }
    public required int Layers { get; init; }

    /// <summary>Mean attention mass from the prompt's text after the picture to the picture, layer by layer.</summary>
    public required IReadOnlyList<double> TextToImageAttention { get; init; }

    /// <summary>Standard deviation over the pictures.</summary>
    public required IReadOnlyList<double> Deviation { get; init; }

    public required double Tolerance { get; init; }
    public required string Rule { get; init; }

    /// <summary>s; null when the curve is not flat anywhere.</summary>
    public int? SuggestedSaturationLayer { get; init; }

    /// <summary>Mean attention mass of the layers that would be text-only.</summary>
    public double? Level { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public string ToCsv()
    {
        var csv = new StringBuilder("layer,text_to_image_attention,deviation\n");
        for (var l = 0; l < Layers; l++) csv.Append(CultureInfo.InvariantCulture, $"{l},{TextToImageAttention[l]:0.######},{Deviation[l]:0.######}\n");
        return csv.ToString();
    }

    public LinePlot ToPlot()
    {
        double[] layers = [.. Enumerable.Range(0, Layers).Select(l => (double)l)];
        var plot = new LinePlot($"Text-to-image attention of {Model} ({Count} pictures)", "decoder layer", "attention mass on the picture")
            .Add("mean", layers, TextToImageAttention);
        return SuggestedSaturationLayer is { } s ? plot.Mark(s, $"s = {s}") : plot;
    }

    public static string RuleFor(SaturationRule rule, int layers) => string.Create(CultureInfo.InvariantCulture,
        $"the first layer s such that layers s to {layers - 2}, at least {SaturationRule.LeastLayers(layers)} of them, all stay within {rule.Tolerance} of their mean");
}
