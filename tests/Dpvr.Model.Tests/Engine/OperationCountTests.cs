using Dpvr.Model.Engine;
using TorchSharp;

namespace Dpvr.Model.Tests.Engine;

/// <summary>The host's work in a decode step is its operations: what libtorch makes a tensor of.</summary>
public sealed class OperationCountTests
{
    private const int PerLayer = 47, PerStep = 45; // upper bounds

    [Theory, InlineData("dense"), InlineData("withdraw"), InlineData("dpvr-lf")]
    public void Step_WhenDecoding_MakesFewTensors(string routing)
    {
        using var model = TinyModel.Create(routing);
        using var engine = new GenerationEngine(model, new() { Slots = 4 });
        for (var i = 0; i < 4; i++) engine.Submit(TinyModel.Request(i, 1, newTokens: 40));
        for (var i = 0; i < 3; i++) engine.Step();
        var before = Made();
        for (var i = 0; i < 10; i++) engine.Step();
        var perStep = (Made() - before) / 10.0;
        perStep.Should().BeLessThanOrEqualTo(PerLayer * model.Plan.Layers + PerStep).And.BePositive();
    }

    private static long Made() => DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount;
}
