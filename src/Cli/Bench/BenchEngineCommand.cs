using System.CommandLine;
using System.Text.Json;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Engine.Benchmark;
using Dpvr.Model.Layers;

namespace Dpvr.Cli.Bench;

/// <summary><c>dpvr bench engine</c></summary>
internal static class BenchEngineCommand
{
    private static readonly string[] Shapes = ["model", .. BenchmarkShapes.Names];

    public static Command Create(SystemConsole console)
    {
        var model = new ModelOptions();
        var shape = CheckedOption.OneOf("--shape", Shapes, "model", $"model: that of --model; {BenchmarkShapes.Described}.");
        var batches = new Option<int[]>("--batch-size", "-b") { HelpName = "n", Description = "Batch sizes to compare. Default: 1 8 32.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 8, 32] };
        var routings = new Option<string[]>("--routing") { HelpName = "list", Description = "Routings to compare. Default: dense dpvr-lf.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["dense", "dpvr-lf"] };
        var saturation = new Option<int?>("--saturation", "--split") { HelpName = "layer", Description = "Layer at which pictures leave. Default: 9/16 of the depth." };
        var visual = new Option<int?>("--visual-tokens") { HelpName = "n", Description = "Vision tokens of an image that are kept. Default: all." };
        var images = CheckedOption.Number("--images", 8, 1, 1_000_000, "Images of a run; at least the batch.");
        var questions = CheckedOption.Number("--questions", 1, 1, 1000, "Questions about each image, asked in a row.");
        var text = CheckedOption.Number("--text-tokens", 40, 2, 100_000, "Text tokens of a prompt, half of them before its image.");
        var start = new Option<bool>("--shared-start") { Description = "Let all prompts begin with the same text before their image, as with a system prompt. Default: each has its own." };
        var tokens = CheckedOption.Number("--new-tokens", 64, 2, 100_000, "New tokens of a sequence.");
        var prefill = CheckedOption.Number("--prefill-tokens", new EngineOptions().PrefillTokens, 1, 1_000_000, "Most prompt tokens in one prefill.");
        var runs = CheckedOption.Number("--runs", 5, 1, 1000, "Runs of each; medians are shown.");
        var json = new Option<bool>("--json") { Description = "Print every run as a line of JSON. Default: a table." };
        var command = new ExampleCommand("engine", "The engine alone, with random weights: no decoding of pictures, no queue.")
        {
            Examples =
            [
                new("dpvr bench engine --images 64", "the shipped model's shape"),
                new("dpvr bench engine --shape s --saturation 7 --batch-size 32 --images 32", "dense against dpvr-lf where the decoder is what costs"),
            ],
        };
        model.AddTo(command);
        foreach (var option in (Option[])[shape, batches, routings, saturation, visual, images, questions, text, start, tokens, prefill, runs, json]) command.Add(option);
        command.SetAction((result, _) =>
        {
            var load = new BenchmarkLoad
            {
                Routings = result.GetValue(routings)!,
                Batches = result.GetValue(batches)!,
                Saturation = result.GetValue(saturation),
                Images = result.GetValue(images),
                Questions = result.GetValue(questions),
                TextTokens = result.GetValue(text),
                SharedStart = result.GetValue(start),
                NewTokens = result.GetValue(tokens),
                PrefillTokens = result.GetValue(prefill),
            };
            foreach (var wrong in load.Batches.Where(b => b < 1)) throw new UsageException($"--batch-size: {wrong} is not allowed; allowed: a whole number from 1.");
            var placement = model.Prepare(result);
            var config = BenchmarkShapes.Find(result.GetValue(shape)) ?? LlavaConfig.Load(model.Folder(result));
            try
            {
                config = config.Keeping(result.GetValue(visual));
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw new UsageException($"--visual-tokens: {e.Message.Split(" (Parameter", 2)[0]}", e);
            }
            return Task.FromResult((int)Run(config, load, placement, result.GetValue(runs), result.GetValue(json), console));
        });
        return command;
    }

    private static ExitCode Run(LlavaConfig config, BenchmarkLoad load, Placement placement, int runs, bool json, SystemConsole console)
    {
        using var interrupts = Interrupts.Listen();
        using var benchmark = new EngineBenchmark(config, placement);
        var rows = new List<BenchmarkRow>();
        // All kinds in turn, run after run: what drifts on the machine touches all alike.
        for (var run = 0; run < runs; run++)
            foreach (var row in benchmark.Run(load, problem => console.Error.WriteLine($"dpvr: {problem}"), interrupts.Drain))
            {
                rows.Add(row);
                if (json) console.Out.WriteLine(JsonSerializer.Serialize(row));
            }
        if (rows.Count == 0) throw new UsageException("--batch-size: no batch fits into the device's memory.");
        if (!json) BenchTable.Write(rows, console);
        return ExitCode.Ok;
    }
}
