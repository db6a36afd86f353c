using Dpvr.Model.Engine.Benchmark;
using Dpvr.Model.Layers;

namespace Dpvr.Model.Tests.Engine.Benchmark;

public sealed class EngineBenchmarkTests
{
    [Fact]
    public void Run_OverRoutingsAndBatches_GivesARowForEach()
    {
        using var benchmark = new EngineBenchmark(TinyModel.Config, Placement.Cpu);
        var rows = benchmark.Run(new() { Routings = ["dense", "withdraw", "dpvr-lf"], Batches = [1, 3], Images = 2, TextTokens = 6, NewTokens = 5, Saturation = 2 }).ToArray();
        rows.Select(r => (r.Routing, r.Batch, r.Images)).Should().Equal(
            ("dense", 1, 2), ("withdraw", 1, 2), ("dpvr-lf", 1, 2), ("dense", 3, 3), ("withdraw", 3, 3), ("dpvr-lf", 3, 3));
        rows.Should().OnlyContain(r => r.PromptTokens == 10 && r.Seconds >= r.PrefillSeconds + r.DecodeSeconds && r.PrefillSeconds > 0 && r.DecodeSeconds > 0);
        rows[2].KeyValueBytes.Should().BeLessThan(rows[0].KeyValueBytes);
        rows[1].PrefillFlops.Should().BeLessThan(rows[0].PrefillFlops);
    }
}
