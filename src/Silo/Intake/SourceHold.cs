namespace Dpvr.Silo.Intake;

/// <summary>A blob that a job reads and that others could delete: a note says that it is needed.</summary>
/// <param name="Notes">Prefix of the notes, ending with '/'.</param>
/// <param name="Blob">The blob whose absence says that it is gone.</param>
/// <param name="Name">What the submitter calls it.</param>
internal sealed record SourceHold(string Notes, string Blob, string Name);

/// <summary>The note.</summary>
/// <param name="At">When it was written.</param>
internal sealed record HoldRecord(DateTimeOffset At);
