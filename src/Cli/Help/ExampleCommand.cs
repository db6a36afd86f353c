using System.CommandLine;

namespace Dpvr.Cli.Help;

/// <summary>A command whose help ends with examples: lines to copy, each with what it does.</summary>
public class ExampleCommand(string name, string description) : Command(name, description), IHasExamples
{
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>What the same command does after it was interrupted. Default: it begins anew.</summary>
    public bool GoesOn { get; init; }
}
