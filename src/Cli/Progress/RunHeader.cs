namespace Dpvr.Cli.Progress;

/// <summary>What a run is about, said once at its start.</summary>
internal sealed record RunHeader
{
    public required string Folder { get; init; }
    public required string Output { get; init; }
    public required string Model { get; init; }
    public required string Routing { get; init; }
    public required string Job { get; init; }
    public required IReadOnlyList<string> Prompts { get; init; }
}
