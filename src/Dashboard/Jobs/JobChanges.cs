using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Shell;

namespace Dpvr.Dashboard.Jobs;

/// <summary>What happened to a job between two looks, in the words that its page uses.</summary>
public static class JobChanges
{
    /// <summary>Each change as a sentence of its own; none when nothing happened.</summary>
    public static IEnumerable<string> Between(JobProgress before, JobProgress after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Status != after.Status) yield return $"{Wording.Status(before.Status)} → {Wording.Status(after.Status)}";
        if (before.Paused != after.Paused && !after.Status.IsTerminal()) yield return after.Paused ? after.Error is { } e ? $"halted: {e.Code}" : "paused" : "resumed";
        if (before.Weight != after.Weight || before.Priority != after.Priority) yield return FormattableString.Invariant($"weight {after.Weight:0.###}, priority {after.Priority}");
        if (after.StaleCommits - before.StaleCommits is > 0 and var stale) yield return stale == 1 ? "1 stale write refused" : $"{stale} stale writes refused";
    }
}
