using Dpvr.Data.Faults;

namespace Dpvr.Data.Tests.Faults;

public sealed class MutantsTests
{
    [Theory]
    [InlineData(null, null, Mutant.None)]
    [InlineData("", "1", Mutant.None)]
    [InlineData("no-fencing,half-data", "1", Mutant.NoFencing | Mutant.HalfData)]
    [InlineData("cancel-overwrites-end", "1", Mutant.CancelOverwritesEnd)]
    public void Parse_WithBothSwitches_ActivatesThem(string? names, string? testBuild, Mutant expected) => Mutants.Parse(names, testBuild).Should().Be(expected);

    [Theory]
    [InlineData("no-fencing", null, "DPVR_TEST_BUILD")]
    [InlineData("no-fencing", "0", "DPVR_TEST_BUILD")]
    [InlineData("no-brakes", "1", "no-brakes")]
    [InlineData("2", "1", "'2'")]
    public void Parse_WithoutTheSecondSwitchOrOfAnUnknown_IsRefused(string names, string? testBuild, string says) =>
        Assert.Throws<InvalidOperationException>(() => Mutants.Parse(names, testBuild)).Message.Should().Contain(says);

    [Fact]
    public void Are_InAnOrdinaryProcess_IsFalseForAll() => Enum.GetValues<Mutant>().Where(Mutants.Are).Should().BeEmpty();
}
