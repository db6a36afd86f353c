using Dpvr.Dashboard.Shell;

namespace Dpvr.Dashboard.Tests.Shell;

public sealed class WordingTests
{
    [Theory]
    [InlineData(-0.0004, "0.000"), InlineData(0.0, "0.000"), InlineData(-0.0126, "-0.013"), InlineData(null, "–")]
    public void Logprob_OfACertainWord_HasNoSign(double? logprob, string words) => Wording.Logprob(logprob).Should().Be(words);
}
