using Dpvr.Model.Engine;

namespace Dpvr.Model.Tests.Engine;

public sealed class PromptSplitTests
{
    private const int Image = 9;

    [Fact]
    public void Of_APromptWithImages_CutsItBehindTheLast()
    {
        var split = Split([1, 2, Image, 3, Image, 4, 5], "a", "b");
        split.Suffix.Should().Equal(4, 5);
        split.PrefixText.Should().Equal(1, 2, 3);
        split.Layout.Signature.Should().Be("t2 i4 t1 i4");
        (split.Layout.Text, split.Layout.Vision, split.Length).Should().Be((3, 8, 13));
        split.Layout.Positions(ofImages: false).Should().Equal(0, 1, 6);
        split.Layout.Positions(ofImages: true).Should().Equal(2, 3, 4, 5, 7, 8, 9, 10);
    }

    [Fact]
    public void Of_AnExpandedPrompt_IsTheSame() =>
        Split([1, Image, Image, Image, Image, 4], "a").Key.Should().Be(Split([1, Image, 4], "a").Key);

    [Fact]
    public void Of_APromptWithoutAnImage_HasNoPrefix()
    {
        var split = Split([1, 2, 3]);
        split.Key.Should().BeNull();
        split.Suffix.Should().Equal(1, 2, 3);
        split.Layout.Length.Should().Be(0);
    }

    [Fact]
    public void Key_IsSharedByQuestionsAlone()
    {
        var key = Split([1, Image, 2], "a").Key;
        Split([1, Image, 7, 8], "a").Key.Should().Be(key);
        Split([1, Image, 2], "b").Key.Should().NotBe(key, "another image");
        Split([3, Image, 2], "a").Key.Should().NotBe(key, "other text before it");
        Split([Image, 2], "a").Key.Should().NotBe(key);
        Split([1, Image, Image, 2], "a", "b").Key.Should().NotBe(Split([1, Image, Image, 2], "b", "a").Key, "another order");
        Split([1, Image], "a").Key.Should().NotBe(Split([1, Image], "a").Key, "it reads the end of its own prefix");
    }

    private static PromptSplit Split(int[] prompt, params string[] images) =>
        PromptSplit.Of(new GenerationRequest { Id = "r", Prompt = prompt, Images = [.. images.Select(k => PreparedImage.FromLevels(k, [0]))] }, Image, imageTokens: 4);
}
