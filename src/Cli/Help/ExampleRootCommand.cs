using System.CommandLine;
using System.CommandLine.Help;

namespace Dpvr.Cli.Help;

/// <summary>The root command with examples; its help action serves all commands below it.</summary>
public sealed class ExampleRootCommand : RootCommand, IHasExamples
{
    public ExampleRootCommand(string description) : base(description)
    {
        foreach (var help in Options.OfType<HelpOption>())
            if (help.Action is HelpAction usual) help.Action = new ExampleHelpAction(usual);
    }

    public IReadOnlyList<Example> Examples { get; init; } = [];
}
