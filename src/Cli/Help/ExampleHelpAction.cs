using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Dpvr.Cli.Help;

/// <summary>The usual help, and then the command's examples: the end of a long text is what a terminal shows.</summary>
internal sealed class ExampleHelpAction(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not IHasExamples { Examples: { Count: > 0 } examples }) return code;

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  # {example.Does}");
            output.WriteLine($"  {example.CommandLine}");
        }
        output.WriteLine();
        return code;
    }
}
