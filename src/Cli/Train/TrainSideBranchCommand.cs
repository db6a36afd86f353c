using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Pictures;

namespace Dpvr.Cli.Train;

/// <summary><c>dpvr train side-branch &lt;model&gt;</c></summary>
internal static class TrainSideBranchCommand
{
    private static readonly string[] Fits = ["crop", "pad"];

    public static Command Create(SystemConsole console)
    {
        var defaults = new SideBranchSettings { Model = "", Output = "", Machine = new TrainingMachine("cpu", false, 1) };
        var model = new Argument<string>("model") { Description = "Folder of a LLaVA-1.5 checkpoint in the Hugging Face layout." };
        var output = new Option<string?>("--output", "-o") { HelpName = "folder", Description = "Folder for the side branch. Default: dpvr, below the model's folder, where it is found by itself." };
        var data = new Option<string?>("--data") { HelpName = "file", Description = "Conversations in LLaVA's JSON format. Default: synthetic scenes." };
        var images = new Option<string?>("--images") { HelpName = "folder", Description = "Folder that the conversations' picture paths are below. Default: the folder of --data." };
        var fit = CheckedOption.OneOf("--fit", Fits, "crop", "How pictures are made square: crop the centre, or pad.");
        var saturation = CheckedOption.Number("--saturation", 0, 0, 199, "First text-only layer; 0: that of an earlier side branch, else 9/16 of the depth. 'dpvr analyze saturation' suggests one.");
        var fusion = CheckedOption.Number("--fusion", 0, 0, 199, "Layer where pictures come back; 0: the last one.");
        var schedule = new ScheduleOptions(defaults.Training);
        var command = new ExampleCommand("side-branch", "Train the DPVR-LF side branch of a checkpoint; all else stays as it is.")
        {
            GoesOn = true,
            Examples =
            [
                new("dpvr train side-branch models/scenes-5m --saturation 4", "on synthetic scenes, for a model of scenes"),
                new("dpvr train side-branch llava-1.5-7b-hf --data mix665k.json --images images --saturation 18 --device cuda --compute-dtype bfloat16", "for LLaVA-1.5-7B"),
            ],
        };
        command.Add(model);
        foreach (var option in (Option[])[output, data, images, fit, saturation, fusion]) command.Add(option);
        schedule.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var folder = Path.GetFullPath(result.GetRequiredValue(model));
            if (!Directory.Exists(folder)) throw new UsageException($"<model>: '{folder}' does not exist; allowed: a folder with config.json and *.safetensors.");
            if (result.GetValue(data) is { } file && !File.Exists(file)) throw new UsageException($"--data: '{file}' does not exist.");
            using var interrupts = Interrupts.Listen();
            await new SideBranchRun(
                defaults with
                {
                    Model = folder,
                    Output = Path.GetFullPath(result.GetValue(output) ?? Path.Combine(folder, "dpvr")),
                    Data = result.GetValue(data),
                    Images = result.GetValue(images),
                    Fit = result.GetValue(fit) == "pad" ? PictureFit.PadToSquare : PictureFit.CenterCrop,
                    Saturation = result.GetValue(saturation) is > 0 and var s ? s : null,
                    Fusion = result.GetValue(fusion) is > 0 and var f ? f : null,
                    Machine = schedule.Machine(result),
                    Training = schedule.Read(result, defaults.Training),
                },
                console).RunAsync(interrupts.Drain);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
