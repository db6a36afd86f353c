namespace Dpvr.Silo.Launch;

/// <summary>What is to become of earlier runs of the same job.</summary>
public sealed record LaunchOptions
{
    /// <summary>Forgets everything in the store and starts anew. Default: false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Tries the failed items of a finished job again. Default: false.</summary>
    public bool RetryFailed { get; init; }
}
