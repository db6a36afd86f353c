namespace Dpvr.Silo.Messages.Jobs;

/// <summary>A job that came by a message, until its end was announced.</summary>
internal sealed record JobNote
{
    public required string Job { get; init; }

    public string? CustomId { get; init; }
}
