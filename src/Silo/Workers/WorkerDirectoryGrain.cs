using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Workers;
using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Workers;

/// <summary>Remembers each worker's last report, and one that is ten to twenty seconds older, to tell by it what the worker did lately.</summary>
internal sealed class WorkerDirectoryGrain([FromKeyedServices(DpvrSilo.Clock)] TimeProvider time) : Grain, IWorkerDirectoryGrain
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stretch = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, Known> _workers = new(StringComparer.Ordinal);

    public Task ReportAsync(WorkerReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!_workers.TryGetValue(report.Name, out var known) || known.Last.Since != report.Since) _workers[report.Name] = known = new Known { Last = report, Earlier = report, Next = report };
        (known.Last, known.At) = (report, time.GetTimestamp());
        if (report.At - known.Next.At >= s_stretch) (known.Earlier, known.Next) = (known.Next, report);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkerEntry>> ListAsync()
    {
        foreach (var gone in _workers.Where(w => time.GetElapsedTime(w.Value.At) > s_silence).Select(static w => w.Key).ToList()) _workers.Remove(gone);
        return Task.FromResult<IReadOnlyList<WorkerEntry>>([.. _workers.Values.OrderBy(static w => w.Last.Name, StringComparer.Ordinal).Select(Entry)]);
    }

    private WorkerEntry Entry(Known known)
    {
        var seconds = (known.Last.At - known.Earlier.At).TotalSeconds;
        return new WorkerEntry(known.Last, time.GetElapsedTime(known.At).TotalSeconds, seconds > 0 ? Math.Max(0, (known.Last.Images - known.Earlier.Images) / seconds) : 0, seconds > 0 ? known.Earlier : null);
    }

    private sealed class Known
    {
        public required WorkerReport Last { get; set; }

        public required WorkerReport Earlier { get; set; }

        /// <summary>Takes the earlier one's place when it is old enough.</summary>
        public required WorkerReport Next { get; set; }

        public long At { get; set; }
    }
}
