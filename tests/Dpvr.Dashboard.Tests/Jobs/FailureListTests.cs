using Bunit;
using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Pictures;

namespace Dpvr.Dashboard.Tests.Jobs;

public sealed class FailureListTests : BunitContext
{
    [Fact]
    public void Render_WithoutFailures_SaysNone() => List([]).Find("p").TextContent.Should().Be("None.");

    [Fact]
    public void Render_OfSeveralCodes_GroupsTheirPictures()
    {
        var list = List([Group("decode_error", 2, "a.jpg", "b.jpg"), Group("empty", 1, "c.jpg")]);

        list.FindAll("summary").Select(static s => s.TextContent.Trim()).Should().Equal("decode_error 2", "empty 1");
        list.FindAll("li a").Select(static a => (a.TextContent, a.GetAttribute("href"))).Should().Equal(("a.jpg", "jobs/a-1/pictures/0/0"), ("b.jpg", "jobs/a-1/pictures/0/1"), ("c.jpg", "jobs/a-1/pictures/0/0"));
        list.Markup.Should().NotContain("more, in errors.jsonl");
    }

    [Fact]
    public void Render_OfMoreThanAreKept_SaysWhereTheRestIs() => List([Group("empty", 1_234, "c.jpg")]).Markup.Should().Contain("and 1\u202f233 more, in errors.jsonl");

    [Fact]
    public void Render_WhenANameLooksLikeMarkup_ShowsItAsText()
    {
        var list = List([Group("empty", 1, "<img src=x onerror=alert(1)>.jpg")]);

        list.FindAll("img").Should().BeEmpty();
        list.Find("li a").TextContent.Should().Be("<img src=x onerror=alert(1)>.jpg");
    }

    private IRenderedComponent<FailureList> List(IReadOnlyList<FailureGroup> groups) => Render<FailureList>(p => p.Add(l => l.Groups, groups));

    private static FailureGroup Group(string code, long count, params string[] names) =>
        new(code, count, [.. names.Select(static (name, i) => new FailedItem(name, "caption", "why", new PicturePlace(new JobId("a-1"), 0, i)))]);
}
