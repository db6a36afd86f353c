namespace Dpvr.Silo.Intake;

/// <summary>An idempotency key was used before, for something else.</summary>
public sealed class IntakeConflictException(string id)
    : Exception($"The idempotency key was used before with another body, for {id}; allowed: the same body, or another key.")
{
    /// <summary>The job or batch that the key stands for.</summary>
    public string Id { get; } = id;
}
