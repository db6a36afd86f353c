using Dpvr.Model.Language;
using Dpvr.Model.Tests.Engine;
using Dpvr.Model.Tests.Golden;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Language;

public sealed class BranchedPromptTests
{
    [Theory]
    [InlineData("dense")]
    [InlineData("withdraw")]
    [InlineData("dpvr-lf")]
    [InlineData("dpvr-lf early fusion")]
    public void Forward_WhenAPromptHasBranches_GivesEachWhatItWouldGetAlone(string routing)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = TinyModel.Create(routing);
        int[] shared = [1, 7, TinyModel.ImageToken, 9];
        int[][] branches = [[20, 21, 22], [30], [40, 41]];
        var image = model.EncodeImages(randn([1, 3, 8, 8], generator: new Generator(4)));

        var together = Run(model, [new BranchedPrompt(shared, branches)], image);

        var start = shared.Length - 1; // text tokens of the shared part
        foreach (var branch in branches)
        {
            var alone = Run(model, [new BranchedPrompt([.. shared, .. branch], [])], image);
            GoldenAssert.Close(together.narrow(1, start, branch.Length), alone.narrow(1, shared.Length - 1, branch.Length), what: $"branch of {branch.Length}");
            start += branch.Length;
        }
    }

    [Fact]
    public void Of_WhenABranchHoldsAnImage_Refuses()
    {
        var lay = () => PromptBatch.Of([new BranchedPrompt([1], [[2, TinyModel.ImageToken]])], TinyModel.ImageToken, 4, CPU);

        lay.Should().Throw<ArgumentException>().WithMessage("*branch*image*");
    }

    private static Tensor Run(LlavaModel model, IReadOnlyList<BranchedPrompt> prompts, Tensor image) =>
        model.Forward(PromptBatch.Of(prompts, TinyModel.ImageToken, model.Config.ImageTokens, CPU), image, Readout.Text);
}
