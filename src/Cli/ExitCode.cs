namespace Dpvr.Cli;

/// <summary>What the process tells its caller. Scripts depend on these numbers: they never change their meaning.</summary>
public enum ExitCode
{
    /// <summary>All items succeeded, or some failed and <c>--allow-failures</c> was given.</summary>
    Ok = 0,

    /// <summary>The command line, an option or a model was refused before any work began.</summary>
    Usage = 2,

    /// <summary>The job finished, and some items failed: they stand in errors.jsonl.</summary>
    ItemsFailed = 3,

    /// <summary>The job could not be finished.</summary>
    JobFailed = 4,

    /// <summary>The job was cancelled.</summary>
    Cancelled = 5,

    /// <summary>Ctrl-C or SIGTERM: the same command again goes on where it stopped.</summary>
    Interrupted = 130,
}
