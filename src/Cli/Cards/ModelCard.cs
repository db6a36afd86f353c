using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dpvr.Cli.Eval;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Training;

namespace Dpvr.Cli.Cards;

/// <summary>
/// The card beside a model's weights (<c>README.md</c>): what it is, how it was trained (<c>training.json</c>) and what was measured
/// (<c>eval.json</c>). Written anew from these files whenever one of them changes, so that no figure is typed by hand.
/// </summary>
/// <param name="folder">The model's folder.</param>
internal sealed class ModelCard(string folder)
{
    private const string TrainingFile = "training.json", EvalFile = "eval.json", CardFile = "README.md";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Notes how a part was trained, draws its loss and writes the card.</summary>
    /// <param name="part"><c>base</c> or <c>side_branch</c>.</param>
    internal void RecordTraining(string part, TrainingOptions options, string logPath, string data)
    {
        var log = TrainingLog.Read(logPath);
        log.Plot($"Training loss: {part.Replace('_', ' ')}", Path.Combine(folder, PlotOf(part)));
        var all = Load(TrainingFile) ?? [];
        all[part] = new JsonObject
        {
            ["data"] = data,
            ["steps"] = options.Steps,
            ["vision_steps"] = options.VisionSteps,
            ["batch"] = options.Batch,
            ["learning_rate"] = options.LearningRate,
            ["routing_dropout"] = options.RoutingDropout,
            ["seed"] = options.Seed,
            ["final_text_loss"] = Math.Round(log.FinalLoss, 4),
            ["final_tokens_right"] = Math.Round(log.FinalTokensRight, 4),
        };
        File.WriteAllText(Path.Combine(folder, TrainingFile), all.ToJsonString(Indented) + "\n");
        Write();
    }

    /// <summary>Keeps an evaluation beside the weights and writes the card.</summary>
    internal void RecordEvaluation(EvalReport report)
    {
        var json = JsonNode.Parse(report.ToJson())!.AsObject();
        json["model"] = Path.GetFileName(folder); // no path of the machine that measured
        File.WriteAllText(Path.Combine(folder, EvalFile), json.ToJsonString(Indented) + "\n");
        Write();
    }

    private void Write()
    {
        var config = LlavaConfig.Load(folder);
        var card = new StringBuilder();
        card.AppendLine(CultureInfo.InvariantCulture, $"""
            # {Path.GetFileName(folder)}

            A LLaVA-1.5-shaped model in the Hugging Face layout: CLIP tower of {config.Vision.Layers} layers of {config.Vision.HiddenSize} on {config.Vision.ImageSize} px pictures
            ({config.ImageTokens} vision tokens), LLaMA decoder of {config.Text.Layers} layers of {config.Text.HiddenSize}, vocabulary of {config.Text.VocabularySize}.
            """);
        if (SideBranchFiles.Find(folder) is { } branch && DpvrConfig.Load(Path.GetDirectoryName(branch.Config)!) is var dpvr)
            card.AppendLine(CultureInfo.InvariantCulture, $"Its DPVR-LF side branch takes pictures out of layers {dpvr.SaturationLayer} to {dpvr.FusionLayer - 1} and brings them back in layer {dpvr.FusionLayer}.");
        AppendTraining(card);
        AppendEvaluation(card);
        File.WriteAllText(Path.Combine(folder, CardFile), card.ToString());
    }

    private void AppendTraining(StringBuilder card)
    {
        if (Load(TrainingFile) is not { } training) return;
        card.AppendLine().AppendLine("## Training").AppendLine()
            .AppendLine("| part | data | steps × batch | learning rate | text loss at the end | target tokens right at the end |").AppendLine("|---|---|---|---|---|---|");
        foreach (var (part, how) in training)
            card.AppendLine(CultureInfo.InvariantCulture,
                $"| {part.Replace('_', ' ')} | {how!["data"]} | {how["steps"]} × {how["batch"]} | {how["learning_rate"]} | {how["final_text_loss"]} | {how["final_tokens_right"]!.GetValue<double>():P1} |");
        card.AppendLine();
        foreach (var (part, _) in training) card.AppendLine($"![Loss over steps: {part.Replace('_', ' ')}]({PlotOf(part)})");
    }

    private void AppendEvaluation(StringBuilder card)
    {
        if (Load(EvalFile) is not { } report) return;
        var routings = report["routings"]!.AsArray();
        string Cells(Func<JsonNode, string> cell) => string.Join(" | ", routings.Select(r => cell(r!)));
        void Row(string name, Func<JsonNode, string> cell) => card.AppendLine($"| {name} | {Cells(cell)} |");
        card.AppendLine().AppendLine("## What was measured").AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"{report["scenes"]} scenes of the {report["split"]} split, 3 captions and up to {report["questionsPerScene"]} questions each; {report["device"]}, {report["dtype"]}, {report["threads"]} CPU threads. 95 % intervals in `eval.json`.").AppendLine();
        card.AppendLine($"| | {Cells(r => r["routing"]!.GetValue<string>())} |").AppendLine("|---|" + string.Concat(routings.Select(_ => "---|")));
        Row("caption facts right", r => Share(r["score"]!["captionFacts"]!));
        Row("captions fully true", r => Share(r["score"]!["captionsTrue"]!));
        Row("answers right", r => Share(r["score"]!["answers"]!));
        foreach (var kind in routings[0]!["score"]!["answersByKind"]!.AsObject().Select(k => k.Key))
            Row($"answers: {Words(kind)}", r => r["score"]!["answersByKind"]![kind] is { } share ? Share(share) : "–");
        Row("K/V bytes of a picture", r => r["keyValueBytesPerImage"]!.ToString());
        Row("decoder prefill MFLOP", r => (r["decoderPrefillFlops"]!.GetValue<double>() / 1e6).ToString("0", CultureInfo.InvariantCulture));
    }

    private static string PlotOf(string part) => $"training-{part.Replace('_', '-')}.png";

    // colourOf → colour of
    private static string Words(string camelCase) => string.Concat(camelCase.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    private static string Share(JsonNode proportion) => string.Create(CultureInfo.InvariantCulture, $"{proportion["share"]!.GetValue<double>():P1}");

    private JsonObject? Load(string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : null;
    }
}
