using Dpvr.Contracts.Shards;
using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Jobs;

/// <summary>How long a shard of a job usually takes: the median of the last ones that were committed. Says which lease is a straggler's.</summary>
internal sealed class UsualTime(DpvrSiloOptions options)
{
    private const int Kept = 64;
    private const int Fewest = 3;
    private readonly Queue<double> _seconds = new(Kept);

    public void Add(double seconds)
    {
        if (seconds <= 0) return;
        if (_seconds.Count == Kept) _seconds.Dequeue();
        _seconds.Enqueue(seconds);
    }

    /// <summary>Null while too few are known to tell, or when backups are off.</summary>
    public BackupRule? Rule()
    {
        if (options.BackupFactor <= 0 || _seconds.Count < Fewest) return null;
        var sorted = _seconds.Order().ToArray();
        return new BackupRule(TimeSpan.FromSeconds(Math.Max(options.BackupAfter.TotalSeconds, options.BackupFactor * sorted[sorted.Length / 2])));
    }
}
