using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Workers;
using Dpvr.Silo.Hosting;

namespace Dpvr.Silo.Workers;

/// <summary>Remembers each worker's last report, and an earlier one to tell its rate by.</summary>
internal sealed class WorkerDirectoryGrain([FromKeyedServices(DpvrSilo.Clock)] TimeProvider time) : Grain, IWorkerDirectoryGrain
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stretch = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, Known> _workers = new(StringComparer.Ordinal);

    public Task ReportAsync(WorkerReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var now = time.GetTimestamp();
        if (_workers.TryGetValue(report.Name, out var known) && known.Base.Since == report.Since)
        {
            known.Rate = RateOf(known.Base, report);
            (known.Last, known.At) = (report, now);
            if (report.At - known.Base.At >= s_stretch) known.Base = report;
        }
        else _workers[report.Name] = new Known { Last = report, Base = report, At = now };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkerEntry>> ListAsync()
    {
        foreach (var gone in _workers.Where(w => time.GetElapsedTime(w.Value.At) > s_silence).Select(static w => w.Key).ToList()) _workers.Remove(gone);
        return Task.FromResult<IReadOnlyList<WorkerEntry>>([.. _workers.Values.OrderBy(static w => w.Last.Name, StringComparer.Ordinal).Select(w => new WorkerEntry(w.Last, time.GetElapsedTime(w.At).TotalSeconds, w.Rate))]);
    }

    private static double RateOf(WorkerReport from, WorkerReport to) => (to.At - from.At).TotalSeconds is > 0 and var seconds ? Math.Max(0, (to.Images - from.Images) / seconds) : 0;

    private sealed class Known
    {
        public required WorkerReport Last { get; set; }

        public required WorkerReport Base { get; set; }

        public long At { get; set; }

        public double Rate { get; set; }
    }
}
