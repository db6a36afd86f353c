using Bunit;
using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Shell;

namespace Dpvr.Dashboard.Tests.Shell;

public sealed class ProgressBarTests : BunitContext
{
    [Fact]
    public void Render_Always_ShowsEachOutcomeByItsShare()
    {
        var bar = Bar(new Counts { Total = 200, Succeeded = 100, Failed = 30, Skipped = 20 });

        bar.GetAttribute("aria-valuenow").Should().Be("75");
        bar.GetAttribute("aria-label").Should().Be("75 %: 100 done, 30 failed, 20 skipped of 200");
        bar.Children.Select(static s => (s.ClassName, s.GetAttribute("style"))).Should().Equal(("bar-ok", "width:50%"), ("bar-bad", "width:15%"), ("bar-skip", "width:10%"));
    }

    [Fact]
    public void Render_BeforeThePlan_IsEmpty()
    {
        var bar = Bar(new Counts());

        bar.GetAttribute("aria-valuenow").Should().Be("0");
        bar.Children.Should().OnlyContain(static s => s.GetAttribute("style") == "width:0%");
    }

    [Fact]
    public void Render_OfAMillion_LosesNoSingleFailure() => Bar(new Counts { Total = 10_000, Succeeded = 9_999, Failed = 1 }).Children[1].GetAttribute("style").Should().Be("width:0.01%");

    private AngleSharp.Dom.IElement Bar(Counts counts) => Render<ProgressBar>(p => p.Add(b => b.Progress, new JobProgress { Job = new JobId("a-1"), Requests = counts })).Find("[role=progressbar]");
}
