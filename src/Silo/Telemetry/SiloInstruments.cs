using Dpvr.Contracts.Shards;
using Dpvr.Data.Telemetry;
using Prometheus;

namespace Dpvr.Silo.Telemetry;

/// <summary>What a coordinator decides about shards, counted where it is written to the store.</summary>
internal sealed class SiloInstruments
{
    private static readonly string[] s_outcome = ["outcome"];
    private readonly Counter _leases, _attempts, _stale, _splits;

    public SiloInstruments(CollectorRegistry registry, CommitInstruments commits)
    {
        Commits = commits;
        var metrics = Metrics.WithCustomRegistry(registry);
        _leases = metrics.CreateCounter("dpvr_leases_granted_total", "Shards given out to workers. Does not grow while jobs wait: no worker asks, or none can be given (paused).");
        _attempts = metrics.CreateCounter("dpvr_shard_attempts_total", "Attempts that ended, by outcome. expired: workers die or stand still; failed: the log names the error; gave_up: its pictures got error records; interrupted: whole processes were killed.", s_outcome);
        _stale = metrics.CreateCounter("dpvr_stale_writes_rejected_total", "Writes refused because another attempt had committed before. Some after an outage are right (nothing is lost); a steady rate: leases are too short for the load, raise --lease.");
        _splits = metrics.CreateCounter("dpvr_shards_split_total", "Shards that failed and were split to find the picture which breaks them.");
    }

    /// <summary>Shows what has not happened yet as 0.</summary>
    public void Begin()
    {
        foreach (var outcome in (AttemptOutcome[])[AttemptOutcome.Committed, AttemptOutcome.Failed, AttemptOutcome.Expired, AttemptOutcome.Released, AttemptOutcome.Interrupted, AttemptOutcome.GaveUp]) _attempts.WithLabels(Word(outcome));
    }

    /// <summary>Counts the records that are committed.</summary>
    public CommitInstruments Commits { get; }

    public void OnLeased() => _leases.Inc();

    public void OnEnded(AttemptOutcome outcome) => _attempts.WithLabels(Word(outcome)).Inc();

    public void OnStale() => _stale.Inc();

    public void OnSplit() => _splits.Inc();

    private static string Word(AttemptOutcome outcome) => outcome == AttemptOutcome.GaveUp ? "gave_up" : outcome.ToString().ToLowerInvariant();
}
