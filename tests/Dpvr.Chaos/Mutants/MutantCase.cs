using Dpvr.Chaos.Faults;
using Dpvr.Data.Faults;

namespace Dpvr.Chaos.Mutants;

/// <summary>A way to be wrong, and what must show it.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Breaks">What it does, in words.</param>
/// <param name="Scenario">What exposes it: one of the 30 faults, or a scenario of its own.</param>
/// <param name="Caught">Invariants of which at least one must be found broken.</param>
/// <param name="Quick">True: tried each time.</param>
internal sealed record MutantCase(Mutant Mutant, string Breaks, Fault Scenario, string[] Caught, bool Quick = false)
{
    public static IReadOnlyList<MutantCase> All { get; } =
    [
        new(Mutant.NoIfNoneMatch, "a completion marker is written over the one that stands", new F07ZombieWorker(), ["I4", "I5"], Quick: true),
        new(Mutant.NoFencing, "an attempt without its lease commits all the same, into a file that all attempts share", new F07ZombieWorker(), ["I4", "I5"]),
        new(Mutant.EarlyReport, "a worker reports before its commit, and is believed", new F03KilledBeforeCommit(), ["I1", "I2", "I6"]),
        new(Mutant.LostHeartbeat, "a worker sends no heartbeats", new SlowCommits(), ["I3"]),
        new(Mutant.DoubleCount, "a commit is counted twice", new PlainJob(), ["I2"], Quick: true),
        new(Mutant.HalfData, "the marker promises what the data file does not hold", new PlainJob(), ["I4"], Quick: true),
        new(Mutant.AttemptsUnbounded, "nothing is ever split or given up", new PoisonedWorker(), ["I3", "I6"]),
        new(Mutant.ForgetStale, "a refused write is not counted", new F07ZombieWorker(), ["I5"]),
        new(Mutant.LeaseNeverExpires, "a lost worker keeps its shard", new LoneWorkerRestarted(), ["I6"]),
        new(Mutant.CancelOverwritesEnd, "a cancellation replaces the end that stands", new F28CancelRacesEnd(), ["I1", "I2", "I6"]),
    ];
}
