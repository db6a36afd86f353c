using Dpvr.Contracts.Shards;
using Dpvr.Silo.Messages.Windows;

namespace Dpvr.Messages.Tests.Windows;

public sealed class WindowWriterTests
{
    private static readonly PendingPicture s_first = new() { Key = "message:1", Item = new WindowItem("a", null), Request = new ItemRequest { Prompt = "p" }, Data = new byte[] { 1 } };

    [Fact]
    public void IdOf_TheSameMessages_IsTheSame() => Id(s_first with { Data = new byte[] { 1 } }).Should().Be(Id(s_first));

    [Fact]
    public void IdOf_AnotherPictureOrQuestionUnderTheSameMessageId_Differs() => new[]
    {
        Id(s_first), Id(s_first with { Data = new byte[] { 2 } }), Id(s_first with { Request = new ItemRequest { Prompt = "q" } }), Id(s_first with { Locator = "https://a/b" }), Id(s_first with { Key = "message:2" }),
    }.Should().OnlyHaveUniqueItems();

    private static string Id(PendingPicture picture) => WindowWriter.IdOf([picture]);
}
