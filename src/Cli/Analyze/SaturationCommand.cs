using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Analyze;

/// <summary><c>dpvr analyze saturation</c></summary>
internal static class SaturationCommand
{
    public static Command Create(SystemConsole console)
    {
        var model = new ModelOptions();
        var images = new Option<string?>("--images", "-i") { HelpName = "folder", Description = "Folder with pictures, folders below it too. Default: synthetic scenes." };
        var scenes = new Option<int?>("--scenes") { HelpName = "n", Description = "Synthetic scenes of the validation split to look at. Default: 64 when no folder is named." };
        var limit = new Option<int?>("--limit") { HelpName = "n", Description = "Only the first n pictures of the folder. Default: all." };
        var prompt = new Option<string>("--prompt", "-p") { HelpName = "text", Description = "What the text asks. Default: Describe the image.", DefaultValueFactory = _ => "Describe the image." };
        var tolerance = CheckedOption.Fraction("--tolerance", 0.01, 0, 1, "Flat means: no further than this from the mean of the layers that would become text-only.");
        var batch = CheckedOption.Number("--batch-size", 8, 1, 1024, "Pictures that are computed together.");
        var output = new Option<string?>("--output", "-o") { HelpName = "folder", Description = "Folder for saturation.png, .csv and .json. Default: dpvr-out/saturation/<name of the model's folder>." };
        var json = new Option<bool>("--json") { Description = "Print the JSON instead of the table. Default: no." };
        var command = new ExampleCommand("saturation", "Measure in each layer how much of the text's attention goes to the picture, and suggest the layer at which pictures may leave.")
        {
            Examples =
            [
                new("dpvr analyze saturation", "the shipped model on 64 synthetic scenes"),
                new("dpvr analyze saturation --model llava-1.5-7b-hf --images photos --limit 100 --device cuda", "a checkpoint of your own on your pictures"),
                new("dpvr analyze saturation --tolerance 0.02 --prompt \"What is this?\"", "a coarser rule, another question"),
            ],
        };
        model.AddTo(command);
        foreach (var option in (Option[])[images, scenes, limit, prompt, tolerance, batch, output, json]) command.Add(option);

        command.SetAction((result, cancellationToken) =>
        {
            string? folder = result.GetValue(images);
            int? wantedScenes = result.GetValue(scenes), wantedPictures = result.GetValue(limit);
            if (folder is not null && wantedScenes is not null) throw new UsageException("--scenes: contradicts --images; allowed: one of the two.");
            if (folder is null && wantedPictures is not null) throw new UsageException("--limit: is for --images; allowed with scenes: --scenes.");
            if (folder is not null && !Directory.Exists(folder)) throw new UsageException($"--images: '{folder}' does not exist; allowed: a folder with pictures.");
            if ((wantedScenes ?? wantedPictures) is < 1) throw new UsageException($"{(folder is null ? "--scenes" : "--limit")}: '{wantedScenes ?? wantedPictures}' is not allowed; allowed: a whole number from 1.");
            var checkpoint = model.Folder(result);
            var settings = new SaturationSettings
            {
                Model = checkpoint,
                Output = Path.GetFullPath(result.GetValue(output) ?? Path.Combine("dpvr-out", "saturation", Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint)))),
                Images = folder is null ? null : Path.GetFullPath(folder),
                Count = folder is null ? wantedScenes ?? 64 : wantedPictures,
                Prompt = result.GetRequiredValue(prompt),
                Tolerance = result.GetValue(tolerance),
                BatchSize = result.GetValue(batch),
                Json = result.GetValue(json),
            };
            return new SaturationRun(settings, console).ExecuteAsync(model.Prepare(result), cancellationToken);
        });
        return command;
    }
}
