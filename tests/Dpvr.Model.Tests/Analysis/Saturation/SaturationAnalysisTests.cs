using Dpvr.Model.Analysis.Saturation;
using Dpvr.Model.Engine;
using Dpvr.Model.Tests.Engine;
using Dpvr.Model.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Analysis.Saturation;

public sealed class SaturationAnalysisTests
{
    public static TheoryData<string, string, string> DenseRuns => GoldenFolder.RunsWhere(v => v == "dense");

    [Theory, MemberData(nameof(DenseRuns))]
    public void Masses_OfEveryGoldenCase_AreTheReferences(string model, string name, string variant)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFolder.Model(model).Case(name);
        using var llava = golden.Model.Load(variant);
        using var want = golden.Open(variant);
        foreach (var compact in (bool[])[true, false])
        {
            var masses = SaturationAnalysis.Masses(llava, golden.Prompts(compact), golden.Pixels() is { } pixels ? llava.EncodeImages(pixels) : null);
            GoldenAssert.Close(tensor(masses), want.Read("text_to_image_attention"), what: "text_to_image_attention");
        }
    }

    [Fact]
    public void Masses_InTextOnlyLayers_AreZero()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Create("dpvr-lf");
        var masses = SaturationAnalysis.Masses(model, [[1, TinyModel.ImageToken, 4, 5]], randn(1, 4, 32));
        Enumerable.Range(0, 5).Select(l => masses[0, l] > 0).Should().Equal(true, true, false, false, true);
    }

    [Fact]
    public void Run_OverPictures_AveragesTheirCurvesWhateverTheBatch()
    {
        using var model = TinyModel.Create("dense");
        byte[][] pictures = [.. Enumerable.Range(0, 5).Select(Picture)];
        int[] prompt = [1, TinyModel.ImageToken, 4, 5, 6];
        var seen = new List<int>();
        var together = SaturationAnalysis.Run(model, PixelScale.Clip, prompt, pictures, 2, new Report(seen.Add));
        seen.Should().Equal(2, 4, 5);
        together.Pictures.Should().Be(5);
        var alone = pictures.Select(p => SaturationAnalysis.Run(model, PixelScale.Clip, prompt, [p], 1)).ToArray();
        for (var l = 0; l < 5; l++)
        {
            together.Mass[l].Should().BeApproximately(alone.Average(c => c.Mass[l]), 1e-5);
            var mean = alone.Average(c => c.Mass[l]);
            together.Deviation[l].Should().BeApproximately(Math.Sqrt(alone.Average(c => Math.Pow(c.Mass[l] - mean, 2))), 1e-5);
        }
        together.Deviation.Should().Contain(d => d > 1e-4, "pictures differ");
        alone[0].Deviation.Should().AllBeEquivalentTo(0.0);
    }

    [Fact]
    public void Run_OverManyBatches_LeavesNoTensorBehind()
    {
        using var model = TinyModel.Create("dense");
        long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        var before = Live();
        SaturationAnalysis.Run(model, PixelScale.Clip, [1, TinyModel.ImageToken, 4], Enumerable.Range(0, 12).Select(Picture), 2);
        Live().Should().Be(before);
    }

    [Fact]
    public void Run_WithWhatCannotBeMeasured_Refuses()
    {
        using var dense = TinyModel.Create("dense");
        using var routed = TinyModel.Create("withdraw");
        int[] good = [1, TinyModel.ImageToken, 4];
        Refused(routed, good, [Picture(0)]).WithMessage("*withdraw*");
        Refused(dense, [1, 2, 3], [Picture(0)]).WithMessage("*needs an image*");
        Refused(dense, [1, TinyModel.ImageToken], [Picture(0)]).WithMessage("*text after it*");
        Refused(dense, good, []).WithMessage("*no picture*");
        Refused(dense, [TinyModel.ImageToken, .. Enumerable.Repeat(1, 253)], [Picture(0)]).WithMessage("*257 tokens*256 positions*");

        static AwesomeAssertions.Specialized.ExceptionAssertions<ArgumentException> Refused(LlavaModel model, int[] prompt, byte[][] pictures) =>
            FluentActions.Invoking(() => SaturationAnalysis.Run(model, PixelScale.Clip, prompt, pictures)).Should().Throw<ArgumentException>();
    }

    private static byte[] Picture(int number)
    {
        var levels = new byte[3 * 8 * 8];
        new Random(number).NextBytes(levels);
        return levels;
    }

    private sealed class Report(Action<int> tell) : IProgress<int>
    {
        void IProgress<int>.Report(int value) => tell(value);
    }
}
