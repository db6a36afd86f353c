using Dpvr.Model.Language;
using Dpvr.Model.Layers;
using Dpvr.Model.Pictures;
using Dpvr.Model.Routing;
using Dpvr.Model.Tests.Engine;
using Dpvr.Model.Training;

namespace Dpvr.Model.Tests.Training;

/// <summary>A task that a tiny model can learn in a few steps: say whether the picture is dark or bright.</summary>
internal sealed class TinyTraining : ITrainingSource
{
    internal const int Dark = 11, Bright = 12, End = 2;

    internal static ImageProcessor Processor { get; } = new(8);

    public TrainingExample Example(long index)
    {
        var bright = index % 2 == 1;
        var pixels = new byte[3 * 8 * 8];
        Array.Fill(pixels, (byte)(bright ? 220 - index % 7 : 20 + index % 7));
        int[] answer = [5, 6, bright ? Bright : Dark, End];
        int[] other = [7, bright ? Dark : Bright, End]; // another question, with the opposite answer
        return new TrainingExample(
            pixels, new BranchedPrompt([1, 4, TinyModel.ImageToken], [answer, other]),
            [[false, false, true, true], [false, true, true]],
            [Enumerable.Repeat((byte)(bright ? 1 : 0), 4).ToArray()]);
    }

    internal static LlavaModel Model(RoutingPlan? plan = null)
    {
        var weights = new RandomWeights(TinyModel.Config, 3);
        return new LlavaModel(TinyModel.Config, plan ?? RoutingPlan.Dense(5), weights, weights, Placement.Cpu);
    }

    internal static TrainingOptions Options(int steps) => new() { Steps = steps, Batch = 8, Warmup = 2, LearningRate = 3e-3, SaveEvery = 1000 };
}
