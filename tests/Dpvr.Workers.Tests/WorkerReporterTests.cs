using Dpvr.Workers.Engine;
using Dpvr.Workers.Tests.Engine;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dpvr.Workers.Tests;

public sealed class WorkerReporterTests
{
    [Fact]
    public void Report_WithAnEngine_HoldsThePlanAndWhatIs()
    {
        var (gauge, status) = (new PipelineGauge(), new WorkerStatus());
        var load = new EngineLoad { Running = 3, Waiting = 1, KeyValuePlanned = 100, KeyValueReserved = 101, KeyValueUsed = 40, WeightBytes = 51, VisionSeconds = 1, PrefillSeconds = 3, DecodeSeconds = 5 };
        gauge.Engine.Begin(new TestEngine { FreeBytes = 900, LoadAfter = _ => load });
        status.OnEngine(new EngineDescription { Model = "m", Revision = "r", Routing = "dense", Device = "cpu", Dtype = "float32", Slots = 4, WeightBytes = 50, KeyValueBytes = 100, PassBytes = 20, FreeBytes = 830 });
        gauge.Engine.OnStep(load, queued: 2);
        gauge.Engine.OnWait(WaitCause.Decode);
        gauge.AddWait(WaitCause.Fetch, TimeSpan.FromSeconds(7));
        using var reporter = new WorkerReporter(null!, status, gauge, Options.Create(new WorkerOptions { Name = "w" }), TimeProvider.System, NullLogger<WorkerReporter>.Instance);

        var report = reporter.Report();

        (report.Running, report.Slots, report.Waiting, report.WaitsFor).Should().Be((3, 4, 3, "decode"));
        report.Busy.Should().BeEquivalentTo(new Dictionary<string, double> { ["vision"] = 1, ["prefill"] = 2, ["decode"] = 5 });
        report.Waits.Should().Contain("fetch", 7).And.ContainKeys("queue", "decode", "write");
        (report.WeightBytes, report.WeightBytesMeasured).Should().Be((50, 51));
        (report.KeyValueBytes, report.KeyValueBytesMeasured, report.KeyValueBytesUsed).Should().Be((100, 101, 40));
        (report.FreeBytes, report.FreeBytesMeasured).Should().Be((830, 900));
    }

    [Fact]
    public void Report_WithoutAnEngine_SaysNothingOfOne()
    {
        using var reporter = new WorkerReporter(null!, new WorkerStatus(), new PipelineGauge(), Options.Create(new WorkerOptions { Name = "w" }), TimeProvider.System, NullLogger<WorkerReporter>.Instance);

        var report = reporter.Report();

        (report.Device, report.Slots, report.Running, report.WaitsFor, report.FreeBytes, report.FreeBytesMeasured).Should().Be((null, 0, 0, null, null, null));
    }
}
