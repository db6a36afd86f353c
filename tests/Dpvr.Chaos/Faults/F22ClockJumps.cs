using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

internal sealed class F22ClockJumps : Fault
{
    private static readonly string? s_library = new[] { "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1" }.FirstOrDefault(File.Exists);

    public override int Number => 22;

    public override string Words => "clocks of silo and workers are an hour apart, either way: leases are unaffected";

    public override string? NotHere => s_library is null ? "libfaketime is not installed (Debian: apt-get install faketime); JobGrainTests tries a clock that jumps" : null;

    public override bool IsSlow => true;

    public override Task RunAsync(ChaosRun run) => run.OnClusterAsync(ChaosOptions.Bare with { Silos = 0 }, static async cluster =>
    {
        await cluster.AddSiloAsync(Shifted("+1h"));
        await Task.WhenAll(cluster.AddWorkerAsync(Shifted("-1h")), cluster.AddWorkerAsync());
        var job = await cluster.SubmitAsync(cluster.Run.Input.Job());
        var verdict = await job.VerifyAsync(new JobExpectation { FailuresAtMost = 0 });
        verdict.Rework.Should().Be(0, "no lease ended before its time");

        static (string, string)[] Shifted(string by) => [("LD_PRELOAD", s_library!), ("FAKETIME", by), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("DONT_FAKE_MONOTONIC", "1"), ("NO_FAKE_STAT", "1")];
    });
}
