using Dpvr.Cli.Terminal;
using Spectre.Console;

namespace Dpvr.Cli.Progress;

/// <summary>Picks the view that suits where the output goes.</summary>
internal static class RunViews
{
    public static IRunView For(bool json, SystemConsole console) =>
        json ? new JsonRunView(console.Out, TimeProvider.System)
        : console.IsInteractive ? new LiveRunView(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Out) }))
        : new PlainRunView(console.Out, TimeProvider.System);
}
