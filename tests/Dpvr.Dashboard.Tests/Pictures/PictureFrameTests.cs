using Bunit;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Dashboard.Gallery;
using Dpvr.Dashboard.Pictures;

namespace Dpvr.Dashboard.Tests.Pictures;

public sealed class PictureFrameTests : BunitContext
{
    [Fact]
    public void Render_OfAPicture_IsItsCopy()
    {
        Frame(false, [null]).Find("img").GetAttribute("src").Should().Be("pictures/a-1/2/3/256.jpg");
        Frame(true, [null]).Find("img").GetAttribute("src").Should().Be("pictures/a-1/2/3/1280.jpg");
    }

    [Theory, InlineData(ErrorCodes.DecodeError), InlineData(ErrorCodes.UnsupportedFormat), InlineData(ErrorCodes.Http404), InlineData(ErrorCodes.Empty)]
    public void Render_WhenThePictureIsBroken_ShowsTheCodeInItsPlace(string code)
    {
        var frame = Frame(false, code, code);

        frame.FindAll("img").Should().BeEmpty();
        frame.Find(".no-picture").GetAttribute("aria-label").Should().Be($"No picture: {code}");
        frame.Find("code").TextContent.Should().Be(code);
    }

    [Theory, InlineData(ErrorCodes.ModelNan), InlineData(ErrorCodes.GpuOom), InlineData(ErrorCodes.Cancelled), InlineData(ErrorCodes.WorkerLost)]
    public void Render_WhenTheFaultIsNotThePictures_ShowsIt(string code) => Frame(false, code).FindAll("img").Should().ContainSingle();

    [Fact]
    public void Render_WhenOneOfSeveralPromptsHasAnAnswer_ShowsIt() => Frame(false, ErrorCodes.DecoderCrash, null).FindAll("img").Should().ContainSingle();

    private IRenderedComponent<PictureFrame> Frame(bool large, params string?[] codes)
    {
        var records = codes.Select(static (code, i) => new ItemRecord { CustomId = "x.jpg", Prompt = $"p{i}", Text = code is null ? "A cat." : null, Error = code is null ? null : new ItemError(code, "why") });
        return Render<PictureFrame>(p => p.Add(f => f.Shot, new Shot(new PicturePlace(new JobId("a-1"), 2, 3), "x.jpg", [.. records])).Add(f => f.Large, large));
    }
}
