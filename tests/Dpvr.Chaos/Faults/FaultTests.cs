using System.Globalization;
using Dpvr.Chaos.Harness;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Faults;

/// <summary>The faults, on real processes. A few of them each time, chosen by the seed; all of them with the slow tests.</summary>
[Collection(OneAtATime.Name)]
public sealed class FaultTests(ChaosInput input, ITestOutputHelper log)
{
    private const int OfToday = 3;

    /// <summary><c>DPVR_CHAOS_FAULTS=7,9</c>: these only.</summary>
    private static readonly HashSet<int>? s_only = Environment.GetEnvironmentVariable("DPVR_CHAOS_FAULTS") is { Length: > 0 } list ? [.. list.Split(',').Select(static n => int.Parse(n, CultureInfo.InvariantCulture))] : null;

    public static TheoryData<int> Selected()
    {
        var random = ChaosSeed.For(nameof(Selected));
        return [.. FaultCatalogue.All.Where(static f => f is { NotHere: null, IsSlow: false } && s_only?.Contains(f.Number) != false).OrderBy(_ => random.Next()).Take(OfToday).Select(static f => f.Number)];
    }

    public static TheoryData<int> All() => [.. FaultCatalogue.All.Select(static f => f.Number).Where(static n => s_only?.Contains(n) != false)];

    [Theory, MemberData(nameof(Selected))]
    public Task Fault_ChosenBySeed_InvariantsHold(int number) => RunAsync(number);

    [Theory, MemberData(nameof(All)), Trait("Category", "Slow")]
    public Task Fault_EachOfThem_InvariantsHold(int number) => RunAsync(number);

    [Fact]
    public void FaultCatalogue_Always_HasThemAll() => FaultCatalogue.All.Select(static f => f.Number).Should().Equal(Enumerable.Range(1, 30));

    private async Task RunAsync(int number)
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        Assert.SkipUnless(ChaosMembership.Missing is null, ChaosMembership.Missing ?? "");
        var fault = FaultCatalogue.Find(number);
        Assert.SkipUnless(fault.NotHere is null, fault.NotHere ?? "");
        await fault.RunAsync(new ChaosRun(fault.ToString(), input, log.WriteLine));
    }
}
