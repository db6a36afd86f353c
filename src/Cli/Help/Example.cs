namespace Dpvr.Cli.Help;

/// <summary>A command line to copy and what it does.</summary>
public sealed record Example(string CommandLine, string Does);
