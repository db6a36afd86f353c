using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Bench;

/// <summary><c>dpvr bench</c>: how fast the parts are on this machine.</summary>
internal static class BenchCommand
{
    public static Command Create(SystemConsole console)
    {
        var command = new ExampleCommand("bench", "Measure how fast the parts are on this machine.")
        {
            Examples = [new("dpvr bench engine", "the engine alone, dense against dpvr-lf"), new("dpvr bench pipeline photos", "dpvr caption against its engine alone")],
        };
        command.Add(BenchEngineCommand.Create(console));
        command.Add(BenchPipelineCommand.Create(console));
        command.Add(BenchTrainingCommand.Create(console));
        command.Add(BenchMachineCommand.Create(console));
        return command;
    }
}
