using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Tests.Jobs;

public sealed class EngineKeysTests
{
    private static readonly JobSpec s_spec = Samples.Spec("in");
    private static readonly JobSpec s_requests = s_spec with { Source = new SourceSpec { Kind = SourceKinds.Requests, Root = "store:rows" }, Prompts = [PromptSpec.OfRequests()] };

    [Fact]
    public void Of_JobsOfAboutTheSameNeeds_ShareAnEngine()
    {
        EngineKeys.Of(s_spec with { Sampling = new SamplingSpec { MaxNewTokens = 10 } }).Should().Be(EngineKeys.Of(s_spec));
        EngineKeys.Of(s_requests with { Limits = RequestLimits.For(100, 70) }).Should().Be(EngineKeys.Of(s_requests with { Limits = RequestLimits.For(128, 128) }));
    }

    [Fact]
    public void Of_JobsThatNeedMoreRoom_HaveEnginesOfTheirOwn() => new[]
    {
        EngineKeys.Of(s_spec),
        EngineKeys.Of(s_spec with { Sampling = new SamplingSpec { MaxNewTokens = 65 } }),
        EngineKeys.Of(s_requests),
        EngineKeys.Of(s_requests with { Limits = RequestLimits.For(100, 70) }),
        EngineKeys.Of(s_requests with { Limits = RequestLimits.For(200, 70) }),
        EngineKeys.Of(s_requests with { Limits = RequestLimits.For(100, 200) }),
    }.Should().OnlyHaveUniqueItems();

    [Theory]
    [InlineData(0, 64)]
    [InlineData(64, 64)]
    [InlineData(65, 128)]
    [InlineData(4096, 4096)]
    [InlineData(100_000, 4096)]
    public void Room_AnyNeed_IsTheNextPowerOfTwoWithinBounds(int need, int room) => RequestLimits.Room(need).Should().Be(room);
}
