using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Workers;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dpvr.Workers;

/// <summary>Says every few seconds how the worker is, for whoever looks. Nothing rests on it: a report that does not get through is followed by the next.</summary>
internal sealed partial class WorkerReporter(IGrainFactory grains, WorkerStatus status, PipelineGauge gauge, IOptions<WorkerOptions> options, TimeProvider time, ILogger<WorkerReporter> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private readonly DateTimeOffset _since = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            do
            {
                try
                {
                    await grains.GetGrain<IWorkerDirectoryGrain>(0).ReportAsync(Report()).WaitAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogUnheard(logger, e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    internal WorkerReport Report()
    {
        var engine = status.Engine;
        var (load, times) = (gauge.Engine.Load, gauge.Engine.Times);
        return new WorkerReport
        {
            Name = options.Value.Name,
            At = time.GetUtcNow(),
            Since = _since,
            Device = engine?.Device,
            Dtype = engine?.Dtype,
            Model = engine?.Model,
            Routing = engine?.Routing,
            Slots = engine?.Slots ?? 0,
            Images = status.Images,
            Tokens = status.Tokens,
            Shards = status.OpenShards,
            ImagesInHand = status.ImagesInHand,
            Waits = Enum.GetValues<WaitCause>().ToDictionary(Word, cause => gauge.Waited(cause).TotalSeconds),
            Running = load.Running,
            Waiting = gauge.Engine.Waiting,
            WaitsFor = gauge.Engine.WaitsFor is { } waits ? Word(waits) : null,
            Busy = new Dictionary<string, double> { ["vision"] = times.Vision, ["prefill"] = times.Prefill, ["decode"] = times.Decode },
            WeightBytes = engine?.WeightBytes ?? 0,
            KeyValueBytes = engine?.KeyValueBytes ?? 0,
            PassBytes = engine?.PassBytes ?? 0,
            FreeBytes = engine?.FreeBytes,
            WeightBytesMeasured = load.WeightBytes,
            KeyValueBytesMeasured = load.KeyValueReserved,
            KeyValueBytesUsed = load.KeyValueUsed,
            FreeBytesMeasured = gauge.Engine.FreeBytes,
            ProcessBytes = Environment.WorkingSet,
            // The type alone: messages may hold paths.
            Trouble = status.EngineFault is { } fault ? $"No engine: {fault.GetType().Name}; see the worker's log." : status.StoreFaults > 0 ? "The store does not answer." : null,
        };
    }

    private static string Word(WaitCause cause) => cause.ToString().ToLowerInvariant();

    [LoggerMessage(31, LogLevel.Debug, "A report did not get through")]
    private static partial void LogUnheard(ILogger logger, Exception exception);
}
