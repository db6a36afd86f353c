namespace Dpvr.Cli.Terminal;

/// <summary>Where a command writes: results and events to <see cref="Out"/>, what goes wrong to <see cref="Error"/>.</summary>
public sealed record SystemConsole
{
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>True when <see cref="Out"/> is a terminal that can be redrawn.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>The process's own streams. A terminal that says <c>TERM=dumb</c> is written to like a file.</summary>
    public static SystemConsole Open() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsInteractive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
    };
}
