using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Tests;

/// <summary>What a command line wrote and how it ended.</summary>
internal sealed record CommandLine(ExitCode Code, string Out, string Error)
{
    /// <summary>Runs it in this process, not on a terminal.</summary>
    public static async Task<CommandLine> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await DpvrCommandLine.RunAsync(args, new SystemConsole { Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error), IsInteractive = false });
        return new CommandLine(code, output.ToString(), error.ToString());
    }
}
