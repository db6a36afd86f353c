using Bunit;
using Dpvr.Dashboard.Gallery;

namespace Dpvr.Dashboard.Tests.Gallery;

public sealed class HighlightTests : BunitContext
{
    [Fact]
    public void Render_WhenTheTextLooksLikeMarkup_ShowsItAsText()
    {
        var shown = Render<Highlight>(p => p.Add(h => h.Text, "a <script>alert(1)</script> cat").Add(h => h.Search, "script"));
        shown.FindAll("script").Should().BeEmpty();
        shown.FindAll("mark").Should().HaveCount(2).And.OnlyContain(m => m.TextContent == "script");
        shown.Markup.Should().Contain("&lt;");
    }

    [Theory, InlineData("a red cat", "RED", 1), InlineData("aaaa", "aa", 2), InlineData("a red cat", "", 0), InlineData("", "x", 0)]
    public void Render_Always_MarksEachHitWhateverItsCase(string text, string search, int hits)
    {
        var shown = Render<Highlight>(p => p.Add(h => h.Text, text).Add(h => h.Search, search));
        shown.FindAll("mark").Should().HaveCount(hits);
        shown.Nodes.Length.Should().BeGreaterThanOrEqualTo(text.Length == 0 ? 0 : 1);
    }
}
