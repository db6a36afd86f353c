using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Intake;

/// <summary>A job as somebody hands it in, whichever way it came.</summary>
public sealed record JobSubmission
{
    /// <summary>Characters of an idempotency key at most.</summary>
    public const int LongestKey = 255;

    /// <summary>What is to be done.</summary>
    public required JobSpec Spec { get; init; }

    /// <summary>Idempotency key: however often and whichever way it comes, it is one job. Null: every submission is a job of its own. Default: null.</summary>
    public string? Key { get; init; }

    /// <summary>The same, named by this program and not by a submitter: it begins with one of the words that submitters' keys must not begin with. Default: null.</summary>
    internal string? OwnKey { get; init; }

    /// <summary>Who submits it: an API key's id, or a name of the way it came. Default: empty.</summary>
    public string By { get; init; } = "";

    /// <summary>Open jobs that the submitter may have; 0: any number. Default: 0.</summary>
    public int MostOpenJobs { get; init; }

    /// <summary>The source in the submitter's words, for whoever is shown the job. Default: null.</summary>
    public string? Source { get; init; }

    /// <summary>What must not be deleted before the job has ended. Default: null.</summary>
    internal SourceHold? Hold { get; init; }

    /// <summary>What the submitter wants to find again with the job. Default: none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
