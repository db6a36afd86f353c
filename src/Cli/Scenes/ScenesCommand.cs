using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Scenes;

/// <summary><c>dpvr scenes</c>: endless synthetic pictures whose content is known.</summary>
internal static class ScenesCommand
{
    public static Command Create(SystemConsole console)
    {
        var command = new ExampleCommand("scenes", "Synthetic pictures whose content is known, for training, tests and trials.")
        {
            Examples = [new("dpvr scenes generate trial --count 1000", "a thousand test pictures with their true captions")],
        };
        command.Add(ScenesGenerateCommand.Create(console));
        return command;
    }
}
