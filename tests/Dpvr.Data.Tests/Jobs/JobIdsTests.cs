using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Jobs;

public sealed class JobIdsTests
{
    [Fact]
    public void First_OfTheSameQuestion_IsTheSame()
    {
        var spec = Samples.Spec("/source");

        JobIds.First(spec with { BatchSize = 8, ShardSize = 9, MaxAttempts = 5, Weight = 2 }).Should().Be(JobIds.First(spec));
        JobIds.Split(JobIds.Next(JobIds.First(spec))).Should().Be((JobIds.Split(JobIds.First(spec)).Family, 2));
    }

    [Fact]
    public void First_OfAnotherQuestion_Differs()
    {
        var spec = Samples.Spec("/source");
        JobSpec[] others =
        [
            spec with { Source = spec.Source with { Recursive = true } },
            spec with { Prompts = [new PromptSpec("caption", "Other.")] },
            spec with { Model = spec.Model with { Revision = "rev-2" } },
            spec with { Routing = new RoutingSpec { Kind = "withdraw" } },
            spec with { Sampling = new SamplingSpec { MaxNewTokens = 65 } },
            spec with { Output = spec.Output with { Location = "elsewhere" } },
            spec with { Output = spec.Output with { Sidecars = true } },
        ];

        others.Select(JobIds.First).Append(JobIds.First(spec)).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a/b")]
    [InlineData("..")]
    public void JobId_WhenItIsNoName_IsRefused(string text) => Assert.Throws<FormatException>(() => new JobId(text));

    [Fact]
    public void ShardId_Always_ReadsItsOwnText()
    {
        foreach (var id in new[] { new ShardId(0), new ShardId(1234567), new ShardId(12).Part(3, 16), new ShardId(12).Part(0, 1) })
        {
            ShardId.TryParse(id.ToString(), out var read).Should().BeTrue();
            read.Should().Be(id);
        }
        foreach (var text in new[] { "", "x", "1-", "1-2", "1-2.0", "-1", "1-2.3.4", "+1" }) ShardId.TryParse(text, out _).Should().BeFalse(text);
    }
}
