using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Train;

/// <summary><c>dpvr train</c>: what makes the models.</summary>
internal static class TrainCommand
{
    public static Command Create(SystemConsole console)
    {
        var command = new ExampleCommand("train", "Train a small model from nothing, or a DPVR-LF side branch for any LLaVA-1.5 checkpoint.")
        {
            Examples =
            [
                new("dpvr train base my-model", "a small LLaVA-shaped model of synthetic scenes, from nothing"),
                new("dpvr train side-branch llava-1.5-7b-hf --data llava_v1_5_mix665k.json --images coco --saturation 18", "a side branch for a published checkpoint"),
            ],
        };
        command.Add(TrainBaseCommand.Create(console));
        command.Add(TrainSideBranchCommand.Create(console));
        return command;
    }
}
