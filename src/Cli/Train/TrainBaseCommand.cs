using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Train;

/// <summary><c>dpvr train base &lt;output&gt;</c></summary>
internal static class TrainBaseCommand
{
    public static Command Create(SystemConsole console)
    {
        var defaults = new BaseModelSettings { Output = "" };
        var output = new Argument<string>("output") { Description = "Model folder; made if need be. A run that was stopped goes on from its last saved state." };
        var width = CheckedOption.Number("--width", defaults.TextWidth, 32, 8192, "Width of the language model, a multiple of 32.");
        var layers = CheckedOption.Number("--layers", defaults.TextLayers, 2, 200, "Layers of the language model.");
        var visionWidth = CheckedOption.Number("--vision-width", defaults.VisionWidth, 32, 8192, "Width of the vision tower, a multiple of 32.");
        var visionLayers = CheckedOption.Number("--vision-layers", defaults.VisionLayers, 2, 200, "Layers of the vision tower; features come from the last but one.");
        var imageSize = CheckedOption.Number("--image-size", defaults.ImageSize, 28, 1022, "Side of the pictures, a multiple of 14.");
        var dropout = CheckedOption.Fraction("--routing-dropout", defaults.Training.RoutingDropout, 0, 1,
            "Share of steps in which pictures skip the deep layers, so that text-only layers are learned along.");
        var saturation = CheckedOption.Number("--saturation", 4, 1, 199, "First layer that those steps skip.");
        var visionSteps = CheckedOption.Number("--vision-steps", defaults.Training.VisionSteps, 0, 100_000_000, "First steps in which the tower learns alone, from patch labels.");
        var questions = CheckedOption.Number("--questions", defaults.Questions, 0, 50, "Questions asked of a scene beside its caption.");
        var schedule = new ScheduleOptions(defaults.Training);
        var command = new ExampleCommand("base", "Train a small LLaVA-shaped model of synthetic scenes from nothing: tokenizer, vision, projector and language.")
        {
            GoesOn = true,
            Examples =
            [
                new("dpvr train base my-model", "as the shipped model was trained; stop and start it at will"),
                new("dpvr train base tiny --steps 300 --vision-steps 100 --width 64 --vision-width 64", "a quick trial"),
            ],
        };
        command.Add(output);
        foreach (var option in (Option[])[width, layers, visionWidth, visionLayers, imageSize, dropout, saturation, visionSteps, questions]) command.Add(option);
        schedule.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var settings = defaults with
            {
                Output = Path.GetFullPath(result.GetRequiredValue(output)),
                TextWidth = result.GetValue(width),
                TextLayers = result.GetValue(layers),
                VisionWidth = result.GetValue(visionWidth),
                VisionLayers = result.GetValue(visionLayers),
                ImageSize = result.GetValue(imageSize),
                Questions = result.GetValue(questions),
                Machine = schedule.Machine(result),
                Training = schedule.Read(result, defaults.Training) with
                {
                    RoutingDropout = result.GetValue(dropout), Saturation = result.GetValue(saturation), VisionSteps = result.GetValue(visionSteps),
                },
            };
            settings.Validate();
            using var interrupts = Interrupts.Listen();
            await new BaseModelRun(settings, console).RunAsync(interrupts.Drain);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
