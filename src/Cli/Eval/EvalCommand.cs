using System.CommandLine;
using Dpvr.Cli.Cards;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Scenes;

namespace Dpvr.Cli.Eval;

/// <summary><c>dpvr eval</c></summary>
internal static class EvalCommand
{
    private static readonly string[] Splits = ["train", "validation", "test"];
    private static readonly string[] Routings = ["dense", "withdraw", "dpvr-lf"];

    public static Command Create(SystemConsole console)
    {
        var model = new ModelOptions();
        var scenes = CheckedOption.Number("--scenes", 1000, 1, 1_000_000, "Number of scenes.");
        var split = CheckedOption.OneOf("--split", Splits, "test", "Which scenes: the model has seen those of the train split.");
        var start = CheckedOption.Number("--start", 0, 0, int.MaxValue / 2, "Index of the first scene.");
        var questions = CheckedOption.Number("--questions", 5, 0, 50, "Questions about each scene.");
        var routing = new Option<string[]>("--routing") { HelpName = "list", Description = "Routings to compare, as in dense,dpvr-lf. Default: all that the model supports.", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true };
        var saturation = new Option<int?>("--saturation") { HelpName = "layer", Description = "Layer at which pictures leave under withdraw. Default: the side branch's; without one, the middle." };
        var visual = new Option<int?>("--visual-tokens") { HelpName = "n", Description = "Vision tokens of a picture that are kept, the most informative ones. Default: all." };
        var batch = CheckedOption.AutoOrNumber("--batch-size", "-b", 1, 4096, "Sequences that are computed together. Default: auto, what fits the memory.");
        var tokens = CheckedOption.Number("--max-new-tokens", 128, 1, 2048, "Longest answer, in tokens.");
        var output = new Option<string?>("--output", "-o") { HelpName = "file", Description = "Write the report to this JSON file. Default: only the table." };
        var card = new Option<bool>("--card") { Description = "Keep the figures beside the weights, in eval.json and the model's card. Default: no." };
        var json = new Option<bool>("--json") { Description = "Print the JSON instead of the table. Default: no." };
        var command = new ExampleCommand("eval", "Measure how much of what a model says about synthetic scenes is true, and what each routing costs.")
        {
            Examples =
            [
                new("dpvr eval", "the shipped model on 1,000 test scenes, all routings side by side"),
                new("dpvr eval --model my-model --scenes 100 --routing dense,dpvr-lf", "a quick look at a model of your own"),
                new("dpvr eval --output report.json", "the figures for a program too"),
            ],
        };
        model.AddTo(command);
        foreach (var option in (Option[])[scenes, split, start, questions, routing, saturation, visual, batch, tokens, output, card, json]) command.Add(option);
        command.SetAction((result, cancellationToken) =>
        {
            var settings = new EvalSettings
            {
                Model = model.Folder(result),
                Scenes = result.GetValue(scenes),
                Split = Enum.Parse<SceneSplit>(result.GetValue(split)!, ignoreCase: true),
                Start = result.GetValue(start),
                Questions = result.GetValue(questions),
                Routings = ParseRoutings(result.GetValue(routing)),
                Saturation = result.GetValue(saturation),
                VisualTokens = result.GetValue(visual),
                BatchSize = result.GetValue(batch),
                MaxNewTokens = result.GetValue(tokens),
                Threads = model.Threads(result),
                Output = result.GetValue(output) is { } file ? Path.GetFullPath(file) : null,
                Card = result.GetValue(card),
                Json = result.GetValue(json),
            };
            return Task.FromResult((int)Run(settings, model.Prepare(result), console, cancellationToken));
        });
        return command;
    }

    private static ExitCode Run(EvalSettings settings, Placement placement, SystemConsole console, CancellationToken cancellationToken)
    {
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
        EvalReport report;
        try
        {
            report = new EvalRun(settings, console, placement).Execute(stop.Token);
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("dpvr: interrupted; nothing of the measurement is kept.");
            return ExitCode.Interrupted;
        }
        catch (EngineMemoryException e)
        {
            throw new UsageException($"--batch-size: {e.Message}", e);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "saturation")
        {
            throw new UsageException($"--saturation: {e.Message.Split(" (Parameter", 2)[0]}", e);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "visualTokens")
        {
            throw new UsageException($"--visual-tokens: {e.Message.Split(" (Parameter", 2)[0]}", e);
        }
        if (settings.Output is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, report.ToJson());
        }
        if (settings.Card) new ModelCard(settings.Model).RecordEvaluation(report);
        if (settings.Json) console.Out.WriteLine(report.ToJson());
        else EvalTable.Write(report, console);
        return report.Routings.Any(r => r.Score.Failed > 0) ? ExitCode.ItemsFailed : ExitCode.Ok;
    }

    private static IReadOnlyList<string>? ParseRoutings(string[]? words)
    {
        if (words is not { Length: > 0 }) return null;
        string[] named = [.. words.SelectMany(w => w.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];
        var wrong = named.FirstOrDefault(n => !Routings.Contains(n, StringComparer.Ordinal));
        if (wrong is not null || named.Length == 0) throw new UsageException($"--routing: '{wrong}' is not allowed; allowed: {string.Join(", ", Routings)}, separated by commas.");
        return named;
    }
}
