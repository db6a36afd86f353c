using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Scenes;

namespace Dpvr.Cli.Scenes;

/// <summary><c>dpvr scenes generate &lt;folder&gt;</c></summary>
internal static class ScenesGenerateCommand
{
    private static readonly string[] Splits = ["train", "validation", "test"];
    private static readonly string[] Formats = ["png", "jpeg", "alternate"];

    public static Command Create(SystemConsole console)
    {
        var folder = new Argument<string>("folder") { Description = "Where to write; made if need be." };
        var split = CheckedOption.OneOf("--split", Splits, "test", "Which pictures: no picture of one split is ever one of another.");
        var count = CheckedOption.Number("--count", 64, 1, 10_000_000, "Number of pictures.");
        var start = CheckedOption.Number("--start", 0, 0, int.MaxValue, "Index of the first picture.");
        var size = CheckedOption.Number("--size", 224, 32, 4096, "Pixels a side.");
        var format = CheckedOption.OneOf("--format", Formats, "alternate", "File format; alternate writes PNG and JPEG by turns.");
        var questions = CheckedOption.Number("--questions", 8, 0, 50, "Questions with answers for each picture.");
        var conversations = new Option<bool>("--conversations") { Description = "Also write conversations.json in LLaVA's training format. Default: no." };
        var command = new ExampleCommand("generate", "Write synthetic pictures, and what is true of each, to metadata.jsonl.")
        {
            GoesOn = true,
            Examples =
            [
                new("dpvr scenes generate trial", "64 test pictures"),
                new("dpvr scenes generate train-data --split train --count 20000 --conversations", "training data in LLaVA's format"),
            ],
        };
        command.Add(folder);
        foreach (var option in (Option[])[split, count, start, size, format, questions, conversations]) command.Add(option);

        command.SetAction((result, cancellationToken) =>
        {
            var options = new SceneDatasetOptions
            {
                Split = Enum.Parse<SceneSplit>(result.GetValue(split)!, ignoreCase: true),
                Count = result.GetValue(count),
                Start = result.GetValue(start),
                Size = result.GetValue(size),
                Format = Enum.Parse<SceneFormat>(result.GetValue(format)!, ignoreCase: true),
                Questions = result.GetValue(questions),
                Conversations = result.GetValue(conversations),
            };
            return RunAsync(Path.GetFullPath(result.GetRequiredValue(folder)), options, console, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, SceneDatasetOptions options, SystemConsole console, CancellationToken cancellationToken)
    {
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
        var progress = new CountLine(console, "pictures", options.Count);
        try
        {
            await SceneDataset.WriteAsync(folder, options, progress, stop.Token);
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException(e.Message, e);
        }
        finally
        {
            progress.End();
        }
        console.Out.WriteLine($"{options.Count} pictures of the {options.Split.ToString().ToLowerInvariant()} split: {Path.Combine(folder, SceneDataset.MetadataFile)}");
        return (int)ExitCode.Ok;
    }
}
