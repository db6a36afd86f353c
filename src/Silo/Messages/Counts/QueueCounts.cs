namespace Dpvr.Silo.Messages.Counts;

/// <summary>How many messages lie in the queues, as they were last counted.</summary>
public sealed class QueueCounts
{
    private volatile IReadOnlyDictionary<string, long> _queues = new Dictionary<string, long>();

    /// <summary>Queue → messages that wait there. Empty before the first count, and where messages stay in the process.</summary>
    public IReadOnlyDictionary<string, long> Queues => _queues;

    /// <summary>Those of <see cref="QueueNames.Troubled"/> that are not empty.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Troubled => [.. _queues.Where(static q => q.Value > 0 && QueueNames.Troubled.Contains(q.Key)).OrderBy(static q => q.Key, StringComparer.Ordinal)];

    internal void Set(IReadOnlyDictionary<string, long> queues) => _queues = queues;
}
