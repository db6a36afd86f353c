using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Model.Routing;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Engine;

public sealed class KeyValuePlanTests
{
    [Theory]
    [InlineData("dense"), InlineData("withdraw"), InlineData("dpvr-lf"), InlineData("dpvr-lf early fusion")]
    public void Bytes_EqualsWhatAnEngineReserves(string routing)
    {
        using var model = TinyModel.Create(routing);
        using var engine = new GenerationEngine(model, new() { Slots = 3, MaxImages = 2, MaxTextTokens = 20 });
        engine.Memory.PrefixText.Should().Be(64);
        engine.Memory.SharedTokens.Should().Be(64, "prompts may begin with the same text");
        engine.Memory.Bytes(3).Should().Be(engine.Statistics.KeyValueBytes);
    }

    [Fact]
    public void Of_ForLlava7B_ReservesImagesIn19Of32Layers()
    {
        var config = new LlavaConfig { ImageTokenIndex = 32000, Text = new(), Vision = new() };
        KeyValuePlan Of(RoutingPlan plan) => KeyValuePlan.Of(config, plan, ScalarType.BFloat16, maxImages: 1, maxTextTokens: 128);
        Of(RoutingPlan.Dense(32)).BytesPerSlot.Should().Be(32L * (576 + 128) * 2 * 32 * 128 * 2);
        Of(RoutingPlan.DpvrLf(32, 18)).BytesPerSlot.Should().Be((19L * 576 + 32 * 128) * 2 * 32 * 128 * 2);
        Of(RoutingPlan.Withdraw(32, 16)).BytesPerSlot.Should().Be((16L * 576 + 32 * 128) * 2 * 32 * 128 * 2);
    }

    [Fact]
    public void Demand_WhenTheBatchDoesNotFit_NamesTheBatchThatDoes()
    {
        var plan = KeyValuePlan.Of(TinyModel.Config, TinyModel.Plan("dense"), ScalarType.Float32, maxImages: 1, maxTextTokens: 28);
        var slot = 5L * 32 * 2 * 2 * 8 * 4;
        plan.BytesPerSlot.Should().Be(slot);
        plan.Demand(7, 7 * slot);
        var refusal = plan.Invoking(p => p.Demand(8, 8 * slot - 1)).Should().Throw<EngineMemoryException>().Which;
        refusal.SlotsThatFit.Should().Be(7);
        refusal.Message.Should().Contain("A batch of 8 needs").And.Contain("a batch of 7 fits");
        plan.Invoking(p => p.Demand(1, slot - 1)).Should().Throw<EngineMemoryException>().WithMessage("*not even one sequence fits*");
    }

    [Fact]
    public void Default_OfTheHost_IsSomething() => MemoryBudget.Default(CPU).Should().BePositive();

    [Theory, InlineData(32, 1, 32), InlineData(32, 4, 13), InlineData(1, 4, 2), InlineData(6, 4, 4), InlineData(3, 8, 2)]
    public void PrefixesFor_QuestionsInARow_IsHalfAsManyAgainAsRunTogether(int slots, int questions, int expected) =>
        KeyValuePlan.PrefixesFor(slots, questions).Should().Be(Math.Min(slots, expected));
}
