using Dpvr.Cli.Caption;
using Dpvr.Cli.Progress;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Cli.Cluster;

/// <summary>A run on other machines: only what is committed is known here.</summary>
internal sealed class ClusterRun : IRunSource
{
    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public bool IsFaulted => false;

    public RunSnapshot Snapshot(JobProgress job) => new() { Job = job, Tokens = job.CompletionTokens, EngineReady = true };
}
