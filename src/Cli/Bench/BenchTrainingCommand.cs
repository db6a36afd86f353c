using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine.Benchmark;
using Dpvr.Model.Training.Benchmark;

namespace Dpvr.Cli.Bench;

/// <summary><c>dpvr bench training</c></summary>
internal static class BenchTrainingCommand
{
    private static readonly string[] Shapes = ["model", .. BenchmarkShapes.Names];

    public static Command Create(SystemConsole console)
    {
        var model = new ModelOptions();
        var shape = CheckedOption.OneOf("--shape", Shapes, "model", $"model: that of --model; {BenchmarkShapes.Described}.");
        var batch = CheckedOption.Number("--batch-size", 4, 1, 100_000, "Pictures a step.");
        var text = CheckedOption.Number("--text-tokens", 104, 8, 100_000, "Text tokens of a conversation.");
        var saturation = CheckedOption.Number("--saturation", 0, 0, 199, "First text-only layer; 0: 9/16 of the depth.");
        var runs = CheckedOption.Number("--runs", 5, 1, 1000, "Runs of each; medians are shown.");
        var json = new Option<bool>("--json") { Description = "Print every run as a line of JSON. Default: text." };
        var command = new ExampleCommand("training", "A step of side-branch training against a forward pass over the same batch, with random weights.")
        {
            Examples = [new("dpvr bench training --shape s --saturation 7", "what training costs beside running the model")],
        };
        model.AddTo(command);
        foreach (var option in (Option[])[shape, batch, text, saturation, runs, json]) command.Add(option);
        command.SetAction((result, cancellationToken) =>
        {
            var placement = model.Prepare(result);
            var config = BenchmarkShapes.Find(result.GetValue(shape)) ?? LlavaConfig.Load(model.Folder(result));
            using var interrupts = Interrupts.Listen();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
            using var benchmark = new TrainingBenchmark(config, placement, result.GetValue(saturation) is > 0 and var s ? s : null, result.GetValue(batch), result.GetValue(text));
            var rows = new List<TrainingRow>();
            for (var run = 0; run < result.GetValue(runs); run++)
            {
                stop.Token.ThrowIfCancellationRequested();
                rows.Add(benchmark.Run());
                if (result.GetValue(json)) console.Out.WriteLine(JsonSerializer.Serialize(rows[^1]));
            }
            if (!result.GetValue(json)) Write(rows, console);
            return Task.FromResult((int)ExitCode.Ok);
        });
        return command;
    }

    private static void Write(IReadOnlyList<TrainingRow> rows, SystemConsole console)
    {
        void Line(string name, Func<TrainingRow, double> of, string format) => console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-28} {Median.Of(rows.Select(of)).ToString(format, CultureInfo.InvariantCulture),8}   ({rows.Min(of).ToString(format, CultureInfo.InvariantCulture)}–{rows.Max(of).ToString(format, CultureInfo.InvariantCulture)})"));
        Line("forward, s", r => r.ForwardSeconds, "0.000");
        Line("training step, s", r => r.StepSeconds, "0.000");
        Line("step / forward", r => r.Ratio, "0.00");
        Line("peak of forward, MiB", r => r.ForwardPeakBytes / 1048576.0, "0");
        Line("peak of step, MiB", r => r.StepPeakBytes / 1048576.0, "0");
        Line("side branch's state, MiB", r => r.StateBytes / 1048576.0, "0");
        console.Out.WriteLine($"{rows[0].Batch} pictures of {rows[0].Tokens} tokens; medians of {rows.Count} runs, by turns.");
    }
}
