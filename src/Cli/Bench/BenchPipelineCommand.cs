using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dpvr.Cli.Caption;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Bench;

/// <summary><c>dpvr bench pipeline</c>: what of the engine's rate is left when pictures come from files and results go to files.</summary>
internal static class BenchPipelineCommand
{
    public static Command Create(SystemConsole console)
    {
        var caption = new CaptionOptions();
        var runs = CheckedOption.Number("--runs", 5, 1, 1000, "Runs of each; medians are shown.");
        var command = new ExampleCommand("pipeline", "The whole of dpvr caption against its engine alone, on the same pictures; takes the options of dpvr caption.")
        {
            Examples =
            [
                new("dpvr scenes generate scenes --count 1000 --format jpeg", "pictures to measure with"),
                new("dpvr bench pipeline scenes", "planning, reading, decoding, captioning and writing them, and captioning alone"),
            ],
        };
        caption.AddTo(command);
        command.Add(runs);
        command.SetAction(async (result, cancellationToken) =>
        {
            var settings = caption.Read(result);
            using var interrupts = Interrupts.Listen();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
            var rows = new List<PipelineRow>();
            // In turn, so that what drifts on the machine touches both alike.
            for (var run = 0; run < result.GetValue(runs); run++)
            {
                rows.Add(await PipelineBenchmark.RunAsync(settings, stop.Token));
                if (settings.Json) console.Out.WriteLine(JsonSerializer.Serialize(rows[^1]));
            }
            if (!settings.Json) Write(rows, console);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Write(IReadOnlyList<PipelineRow> rows, SystemConsole console)
    {
        void Line(string name, Func<PipelineRow, double> of, string format) => console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-22} {Median.Of(rows.Select(of)).ToString(format, CultureInfo.InvariantCulture),8}   ({rows.Min(of).ToString(format, CultureInfo.InvariantCulture)}–{rows.Max(of).ToString(format, CultureInfo.InvariantCulture)})"));
        Line("engine images/s", static r => r.Images / r.Engine.Seconds, "0.0");
        Line("pipeline images/s", static r => r.Images / r.Pipeline.Seconds, "0.0");
        Line("engine tokens/s", static r => r.Engine.Tokens / r.Engine.Seconds, "0");
        Line("pipeline tokens/s", static r => r.Pipeline.Tokens / r.Pipeline.Seconds, "0");
        Line("engine CPU ms/image", static r => 1000 * r.Engine.CpuSeconds / r.Images, "0.0");
        Line("pipeline CPU ms/image", static r => 1000 * r.Pipeline.CpuSeconds / r.Images, "0.0");
        Line("pipeline / engine", static r => r.Engine.Seconds / r.Pipeline.Seconds, "0.000");
        console.Out.WriteLine($"{rows[0].Images} pictures, {rows[0].Requests} prompts, {rows[0].Routing}; medians of {rows.Count} runs, by turns.");
    }
}
