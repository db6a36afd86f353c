using Dpvr.Model.Engine;
using Dpvr.Model.Layers;
using Dpvr.Model.Tests.Layers;

namespace Dpvr.Model.Tests.Engine;

public sealed class EnginePlanTests
{
    private static EngineDemand Demand { get; } = new() { PrefixText = 6, SuffixText = 10, NewTokens = 20 };

    private static EnginePlan Plan(string routing, EngineDemand demand, long memory = 1 << 30) =>
        EnginePlan.Of(TinyModel.Config, TinyModel.Plan(routing), Placement.Cpu, demand, memory);

    [Theory, InlineData("dense", 1), InlineData("withdraw", 1), InlineData("dpvr-lf", 1), InlineData("dpvr-lf", 4)]
    public void Of_AnyRouting_IsWithinThreePercentOfWhatIsAllocated(string routing, int questions)
    {
        var plan = Plan(routing, Demand with { Questions = questions, BatchSize = 12 });
        using var model = TinyModel.Create(routing);
        using var engine = new GenerationEngine(model, plan.Options);
        double measured = model.WeightBytes + engine.Statistics.KeyValueBytes;
        (plan.WeightBytes + plan.KeyValueBytes).Should().BeCloseTo((long)measured, (ulong)(0.03 * measured));
        plan.KeyValueBytes.Should().Be(engine.Statistics.KeyValueBytes);
        plan.TotalBytes.Should().BeGreaterThan(plan.WeightBytes + plan.KeyValueBytes);
        plan.QueueDepth.Should().Be(12);
    }

    [Fact]
    public void Of_BytesForWeights_KnowsWhatTheyTake()
    {
        ByteWeightTests.SkipWithoutByteProducts();
        using var model = TinyModel.Create("dpvr-lf", bytes: true);
        var plan = EnginePlan.Of(TinyModel.Config, model.Plan, model.Placement, Demand, 1 << 30);
        plan.WeightBytes.Should().Be(model.WeightBytes).And.BeLessThan(Plan("dpvr-lf", Demand).WeightBytes * 2 / 3);
        plan.KeyValueBytes.Should().Be(Plan("dpvr-lf", Demand).KeyValueBytes);
    }

    [Fact]
    public void Of_APlannedEngine_TakesItsLongestPrompt()
    {
        using var model = TinyModel.Create("dpvr-lf");
        var request = TinyModel.Request(0, 1, newTokens: 20) with { Prompt = [1, 2, 3, 4, 5, 6, TinyModel.ImageToken, .. Enumerable.Range(1, 10)] };
        var result = TinyModel.Run(model, Plan("dpvr-lf", Demand).Options, request).Single();
        result.Error.Should().BeNull();
        result.Tokens.Should().HaveCount(20);
    }

    [Fact]
    public void Of_ABatchThatDoesNotFit_NamesTheOneThatDoes()
    {
        var free = Plan("dense", Demand with { BatchSize = 9 });
        var memory = free.TotalBytes - 1;
        var refusal = FluentActions.Invoking(() => Plan("dense", Demand with { BatchSize = 9 }, memory)).Should().Throw<EngineMemoryException>().Which;
        refusal.SlotsThatFit.Should().Be(8);
        refusal.Message.Should().Contain("a batch of 8 fits");
        Plan("dense", Demand with { BatchSize = 8 }, memory).Options.Slots.Should().Be(8);
    }

    [Fact]
    public void Of_NoBatchAskedFor_TakesWhatFitsAndGains()
    {
        Plan("dense", Demand).Options.Slots.Should().Be(32);
        Plan("dense", Demand with { Questions = 3 }).Options.Slots.Should().Be(96, "a picture's questions share its keys and values");
        Plan("dense", Demand with { Questions = 9 }).Options.Slots.Should().Be(128);
        var tight = Plan("dense", Demand).TotalBytes - 20 * Plan("dense", Demand).KeyValues.BytesPerSlot;
        Plan("dense", Demand, tight).Options.Slots.Should().Be(12);
    }
}
