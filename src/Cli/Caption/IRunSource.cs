using Dpvr.Cli.Progress;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Caption;

/// <summary>What is known of a run besides its job's progress.</summary>
internal interface IRunSource
{
    /// <summary>How often the job is asked.</summary>
    TimeSpan Interval { get; }

    /// <summary>True when nothing will compute it, whatever the job says.</summary>
    bool IsFaulted { get; }

    /// <summary>The run at this moment.</summary>
    RunSnapshot Snapshot(JobProgress job);
}
