using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Analyze;

/// <summary><c>dpvr analyze</c>: measurements that say how a checkpoint can be routed.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(SystemConsole console)
    {
        var command = new ExampleCommand("analyze", "Look into a model: where does its text stop looking at the picture?")
        {
            Examples = [new("dpvr analyze saturation --model llava-1.5-7b-hf --images photos", "the layer at which pictures may leave")],
        };
        command.Add(SaturationCommand.Create(console));
        return command;
    }
}
