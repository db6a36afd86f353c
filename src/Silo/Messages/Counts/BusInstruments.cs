using Prometheus;

namespace Dpvr.Silo.Messages.Counts;

/// <summary>The queues as a metric, by queue, of which there are as many as <see cref="QueueNames"/> has.</summary>
internal sealed class BusInstruments(CollectorRegistry registry)
{
    private static readonly string[] s_queue = ["queue"];

    private readonly Gauge _messages = Metrics.WithCustomRegistry(registry).CreateGauge("dpvr_queue_messages",
        "Messages that wait in a queue of the broker, as last counted. NAME_error grows: the program could not do them, see its log; NAME_skipped grows: somebody sends what nobody here reads.", s_queue);

    public void Set(IReadOnlyDictionary<string, long> queues)
    {
        foreach (var (queue, waiting) in queues) _messages.WithLabels(queue).Set(waiting);
    }
}
