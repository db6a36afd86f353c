using System.Text.RegularExpressions;
using Dpvr.Chaos.Faults;
using Dpvr.Chaos.Harness;
using Dpvr.Data.Faults;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Mutants;

/// <summary>The checks are checked: a build that is wrong in a known way must be caught.</summary>
[Collection(OneAtATime.Name)]
public sealed partial class MutantTests(ChaosInput input, ITestOutputHelper log)
{
    /// <summary><c>DPVR_CHAOS_MUTANTS=DoubleCount,HalfData</c>: these only.</summary>
    private static readonly string[]? s_only = Environment.GetEnvironmentVariable("DPVR_CHAOS_MUTANTS") is { Length: > 0 } list ? list.Split(',') : null;

    public static TheoryData<string> Quick() => [.. MutantCase.All.Where(static m => m.Quick).Select(static m => m.Mutant.ToString())];

    public static TheoryData<string> All() => [.. MutantCase.All.Select(static m => m.Mutant.ToString()).Where(static m => s_only?.Contains(m) != false)];

    [Fact]
    public void MutantCases_Always_AreAllMutants() => MutantCase.All.Select(static m => m.Mutant).Should().BeEquivalentTo(Enum.GetValues<Mutant>().Where(static m => m != Mutant.None));

    public static TheoryData<string> OwnScenarios() => [.. MutantCase.All.Select(static m => m.Scenario).Where(static f => f.Number == 0).Select(static f => f.GetType().Name).Distinct()];

    [Theory, MemberData(nameof(OwnScenarios)), Trait("Category", "Slow")]
    public Task Scenario_WithoutMutant_InvariantsHold(string scenario) =>
        MutantCase.All.Select(static m => m.Scenario).First(f => f.GetType().Name == scenario).RunAsync(new ChaosRun(scenario, input, log.WriteLine));

    [Theory, MemberData(nameof(Quick))]
    public Task Mutant_OfTheQuickest_IsCaught(string mutant) => RunAsync(mutant);

    [Theory, MemberData(nameof(All)), Trait("Category", "Slow")]
    public Task Mutant_EachOfThem_IsCaught(string mutant) => RunAsync(mutant);

    private async Task RunAsync(string name)
    {
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        Assert.SkipUnless(ChaosMembership.Missing is null, ChaosMembership.Missing ?? "");
        var mutant = MutantCase.All.Single(m => m.Mutant.ToString() == name);
        var run = new ChaosRun($"mutant {name}", input, log.WriteLine)
        {
            Environment = { ["DPVR_MUTANTS"] = Words().Replace(name, "-$0").TrimStart('-').ToLowerInvariant(), ["DPVR_TEST_BUILD"] = "1" },
        };

        var scenario = () => mutant.Scenario.RunAsync(run);

        var caught = (await scenario.Should().ThrowAsync<InvariantException>($"'{mutant.Breaks}' must be caught")).Which;
        run.Log($"| `{run.Environment["DPVR_MUTANTS"]}` | {mutant.Breaks} | {string.Join(", ", caught.Broken)}: {caught.Message.Split('\n')[0]} |");
        caught.Broken.Should().IntersectWith(mutant.Caught);
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Words();
}
