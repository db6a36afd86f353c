using System.Diagnostics;
using System.Globalization;
using Dpvr.Contracts.Results;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Tests.Engine;
using Dpvr.Workers.Waits;
using Prometheus;

namespace Dpvr.Workers.Tests.Measurements;

/// <summary>Not a test but a measurement (docs/benchmarks.md): <c>DPVR_METRICS_COST=1</c> runs it. What counting costs a picture, of every instrument on its way through a worker, by itself and while the registry is read all the time.</summary>
public sealed class InstrumentCostTests(ITestOutputHelper log)
{
    private const int Pictures = 200_000, StepsOfAPicture = 2, Runs = 5; // 32 pictures of 30 tokens take about 31 steps together; twice that is counted
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly PipelineGauge _gauge = new();
    private EngineLoad _load;

    [Fact, Trait("Category", "Slow")]
    public void Instruments_OfAPicture_CostNothingThatShows()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DPVR_METRICS_COST") == "1", "a measurement: DPVR_METRICS_COST=1 runs it");
        var worker = new WorkerInstruments(_registry, _gauge, new WorkerStatus());
        using var engine = new TestEngine();
        using var meter = new EngineMeter(new EngineInstruments(_registry), "work", engine);
        Measure(worker, meter); // compiled

        var alone = Median(() => Measure(worker, meter));
        using var stop = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested) _registry.CollectAndExportAsTextAsync(Stream.Null, stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        });
        reader.Start();
        var read = Median(() => Measure(worker, meter));
        stop.Cancel();
        reader.Join();

        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"instruments of a picture: {alone:F0} ns; while the registry is read without a pause: {read:F0} ns; ratio {read / alone:F2}"));
        alone.Should().BeLessThan(100_000, "a tenth of a millisecond: a hundredth of the time of the quickest picture");
    }

    private double Measure(WorkerInstruments worker, EngineMeter meter)
    {
        var load = _load;
        var done = new EngineCompletion { Id = 1, Tokens = new TokenCounts(104, 30), Queued = TimeSpan.FromMilliseconds(130), Prefill = TimeSpan.FromMilliseconds(88), Generate = TimeSpan.FromMilliseconds(410) };
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Pictures; i++)
        {
            worker.OnFetched(20_000, TimeSpan.FromMilliseconds(0.4));
            worker.OnDecoded(TimeSpan.FromMilliseconds(2.1));
            for (var step = 0; step < StepsOfAPicture; step++)
            {
                load = load with { Running = 32, PromptTokens = load.PromptTokens + 52, NewTokens = load.NewTokens + 15, Prompts = load.Prompts + step, DecodeSteps = load.DecodeSteps + 1, VisionSeconds = load.VisionSeconds + 0.001, PrefillSeconds = load.PrefillSeconds + 0.003, DecodeSeconds = load.DecodeSeconds + 0.01 };
                _gauge.Engine.OnStep(load, 8);
                meter.OnStep(load, 8);
            }
            meter.OnCompleted(done);
        }
        _load = load; // an engine's sums never go back
        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Pictures;
    }

    private static double Median(Func<double> measure) => Enumerable.Range(0, Runs).Select(_ => measure()).Order().ElementAt(Runs / 2);
}
