using System.Diagnostics.Metrics;

namespace Dpvr.Silo.Messages.Counts;

/// <summary>The queues as a metric: <c>dpvr_queue_messages</c> by queue, of which there are as many as <see cref="QueueNames"/> has.</summary>
internal sealed class BusInstruments : IDisposable
{
    public const string MeterName = "Dpvr.Silo.Messages";

    private readonly Meter _meter = new(MeterName);

    public BusInstruments(QueueCounts counts) => _meter.CreateObservableGauge(
        "dpvr_queue_messages",
        () => counts.Queues.Select(static q => new Measurement<long>(q.Value, new KeyValuePair<string, object?>("queue", q.Key))),
        "{message}",
        "Messages that wait in a queue, as last counted.");

    public void Dispose() => _meter.Dispose();
}
