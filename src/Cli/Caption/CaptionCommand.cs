using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Caption;

/// <summary><c>dpvr caption &lt;folder&gt;</c>: the main job. One process is coordinator, worker and result store.</summary>
internal static class CaptionCommand
{
    public static Command Create(SystemConsole console)
    {
        var options = new CaptionOptions();
        var command = new ExampleCommand("caption", "Write a caption, or answers to questions, for every picture in a folder.")
        {
            GoesOn = true,
            Examples =
            [
                new("dpvr caption photos", "captions into dpvr-out/photos/captions.jsonl"),
                new("dpvr caption photos --recursive --glob \"**/*.jpg\" --sidecars", "JPEGs in folders below too, and a .txt for each"),
                new("dpvr caption photos -q colour=\"What colour is it?\" -q \"How many are there?\"", "two questions about every picture"),
                new("dpvr caption asked.requests.jsonl", "requests, each with its own picture and prompt"),
                new("dpvr caption photos --model llava-1.5-7b-hf --routing dense --device cuda", "a checkpoint of your own, on a GPU"),
                new("dpvr caption /shared/photos --cluster redis://localhost --store /shared/dpvr", "on a cluster's workers (dpvr silo, dpvr worker)"),
                new("dpvr caption photos --json | jq .", "events for a program"),
                new("dpvr caption photos", "after Ctrl-C, a crash or a power cut: the same line again goes on where it stopped"),
            ],
        };
        options.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var settings = options.Read(result);
            return (int)await (settings.Cluster is null
                ? CaptionRun.ExecuteAsync(settings, console, cancellationToken)
                : ClusterCaption.ExecuteAsync(settings, console, cancellationToken));
        });
        return command;
    }
}
