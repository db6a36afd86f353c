using System.CommandLine;

namespace Dpvr.Cli.Client;

/// <summary>What the commands about one job of a server have in common.</summary>
internal sealed class RemoteOptions
{
    public Argument<string> Job { get; } = new("job") { Description = "The job's id." };
    public Option<string?> Output { get; } = new("--output", "-o") { HelpName = "folder", Description = "Folder for the results. Default: dpvr-out/<job>." };
    public Option<bool> AllowFailures { get; } = new("--allow-failures") { Description = "Exit code 0 although some pictures failed. Default: 3." };
    public Option<bool> Json { get; } = new("--json") { Description = "JSON on standard output, for programs. Default: text." };

    public string OutputOf(ParseResult result, string job) => Path.GetFullPath(result.GetValue(Output) ?? Path.Combine("dpvr-out", job));
}
