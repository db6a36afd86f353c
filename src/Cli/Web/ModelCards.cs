using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dpvr.Dashboard.Models;
using Dpvr.Model.Checkpoints;
using Dpvr.Silo.Models;

namespace Dpvr.Cli.Web;

/// <summary>Cards from what lies beside the weights: <c>config.json</c>, <c>eval.json</c>, <c>saturation.json</c>.</summary>
internal sealed class ModelCards(IModelCatalog models) : IModelCards
{
    private const string EvalFile = "eval.json", SaturationFile = "saturation.json";

    public Task<IReadOnlyList<ModelCardView>> ReadAsync(CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<ModelCardView>>(() => [.. models.Models.Select(m => Card(m, models.Choose(m.Name, null, null).Model.Path))], cancellationToken);

    private static ModelCardView Card(ModelEntry model, string folder)
    {
        var config = LlavaConfig.Load(folder);
        // A measurement of other weights says nothing about these.
        var eval = Read(folder, EvalFile, model.Revision);
        var saturation = Read(folder, SaturationFile, model.Revision);
        var branch = SideBranchFiles.Find(folder) is { } found ? DpvrConfig.Load(Path.GetDirectoryName(found.Config)!) : null;
        return new ModelCardView
        {
            Name = model.Name,
            Revision = model.Revision,
            Facts =
            [
                ("vision tower", Text($"{config.Vision.Layers} layers of {config.Vision.HiddenSize}, {config.Vision.ImageSize} px")),
                ("vision tokens", Text($"{config.TowerTokens} of a picture")),
                ("decoder", Text($"{config.Text.Layers} layers of {config.Text.HiddenSize}, {config.Text.Heads} heads")),
                ("vocabulary", Text($"{config.Text.VocabularySize}")),
                ("context", Text($"{config.Text.MaxPositions} tokens")),
                ("side branch", branch is null ? "none" : Text($"vision tokens leave at layer {branch.SaturationLayer}, come back at {branch.FusionLayer}")),
                ("files of", model.Created.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ],
            Routings = [.. model.Routings.Select(name => Row(name, eval?["routings"]?.AsArray().FirstOrDefault(r => (string?)r?["routing"] == name)))],
            Measured = eval is null ? null : $"{eval["scenes"]} scenes of the {eval["split"]} split; {eval["device"]}, {eval["dtype"]}, {eval["threads"]} threads, batch {eval["batchSize"]}.",
            Saturation = saturation?["textToImageAttention"]?.AsArray().Select(static v => v!.GetValue<double>()).ToArray() ?? [],
            SaturationLayer = branch?.SaturationLayer,
            SaturationNote = saturation is null ? null : $"Mean over {saturation["count"]} pictures ({saturation["pictures"]}).",
        };
    }

    private static RoutingRow Row(string name, JsonNode? measured) => new(
        name, Share(measured, "captionFacts"), Share(measured, "captionsTrue"), Share(measured, "answers"),
        (double?)measured?["imagesPerSecond"], (long?)measured?["keyValueBytesPerImage"], (double?)measured?["decoderPrefillFlops"]);

    private static double? Share(JsonNode? measured, string what) => (double?)measured?["score"]?[what]?["share"];

    private static JsonObject? Read(string folder, string file, string revision)
    {
        var path = Path.Combine(folder, file);
        try
        {
            return File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject read && (string?)read["revision"] == revision ? read : null;
        }
        catch (JsonException)
        {
            return null; // somebody else's file
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
