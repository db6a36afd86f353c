using Dpvr.Data.Faults;
using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Ranges;

/// <summary>What becomes of a shard after an attempt failed: again, in parts, or not at all. No picture is tried more often than the job allows.</summary>
internal static class SplitPolicy
{
    /// <summary>0: try again as it is. Above 0: split into parts of this many pictures. Below 0: give up.</summary>
    public static int Decide(ShardEntry entry, int maxAttempts, DpvrSiloOptions options)
    {
        if (Mutants.Are(Mutant.AttemptsUnbounded)) return 0;
        var failures = entry.FailuresBefore + entry.Failures;
        if (failures >= maxAttempts) return -1;
        if (entry.Items == 1) return entry.Interruptions >= options.MaxInterruptions ? -1 : 0;
        var left = maxAttempts - failures;
        // The last attempt is one for each picture alone: so the poison alone is given up, not its neighbours.
        if (entry.Failures > 0 && left == 1) return 1;
        var splitAfter = entry.IsPart ? 1 : options.SplitAfter;
        if (entry.Failures >= splitAfter || entry.Interruptions >= options.SplitAfterInterruptions)
            return Math.Max(1, (entry.Items + options.SplitParts - 1) / options.SplitParts);
        return 0;
    }
}
