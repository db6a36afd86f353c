using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Tests.Engine;

namespace Dpvr.Workers.Tests.Pipeline;

public sealed class RequestsPipelineTests
{
    [Fact]
    public async Task FinishedAsync_RowsWithTheirOwnPrompts_AreAskedAsTheyAsk()
    {
        var asked = new List<EngineRequest>();
        await using var fixture = new PipelineFixture(() => new TestEngine { OnSubmit = asked.Add });
        fixture.Write("a.jpg", "picture a");
        fixture.Write("rows.jsonl", """
            {"custom_id":"one","image":"a.jpg","prompt":"which colour?","max_tokens":5,"temperature":0.7,"seed":3}
            {"custom_id":"two","image":"a.jpg","prompt":"how many?"}
            {"custom_id":"three","image":"a.jpg"}
            {"custom_id":"four","image":"a.jpg","prompt":"how many?"}
            {"custom_id":"five","image":"gone.jpg","prompt":"where?"}
            """);

        var records = await fixture.RunAsync(Job(fixture));

        var sha = TestPicture.Sha256Of("picture a");
        records.Select(r => (r.CustomId, r.Prompt, r.PromptText, r.Text, r.Error?.Code)).Should().Equal(
            ("one", "request", "which colour?", TestEngine.TextOf("which colour?", sha), null),
            ("two", "request", "how many?", TestEngine.TextOf("how many?", sha), null),
            ("three", "request", null, TestEngine.TextOf("describe", sha), null),
            ("four", "request", "how many?", TestEngine.TextOf("how many?", sha), null),
            ("five", "request", "where?", null, "missing_image"));
        asked.Should().HaveCount(3, "equal work is computed once");
        asked.Single(a => a.Prompt == "which colour?").Sampling.Should().BeEquivalentTo(new { MaxNewTokens = 5, Temperature = 0.7, TopP = 1.0, Seed = 3L });
        asked.Single(a => a.Prompt == "how many?").Sampling.MaxNewTokens.Should().Be(64);
    }

    [Fact]
    public async Task FinishedAsync_TheSamePromptWithOtherSampling_IsOtherWork()
    {
        await using var fixture = new PipelineFixture();
        fixture.Write("a.jpg", "picture a");
        fixture.Write("rows.jsonl", """
            {"custom_id":"one","image":"a.jpg","max_tokens":5}
            {"custom_id":"two","image":"a.jpg","max_tokens":6}
            {"custom_id":"three","image":"a.jpg","max_tokens":6,"temperature":1,"seed":1}
            {"custom_id":"four","image":"a.jpg","max_tokens":6,"temperature":1,"seed":2}
            {"custom_id":"five","image":"a.jpg","max_tokens":6,"stop":"."}
            {"custom_id":"six","image":"a.jpg","max_tokens":6,"stop":[".","!"]}
            """);

        var records = await fixture.RunAsync(Job(fixture));

        records.Select(r => r.Work).Should().OnlyHaveUniqueItems().And.NotContainNulls();
    }

    private static JobSpec Job(PipelineFixture fixture)
    {
        var job = fixture.Job();
        return job with
        {
            Source = new SourceSpec { Kind = SourceKinds.Requests, Root = Path.Combine(job.Source.Root, "rows.jsonl") },
            Prompts = [PromptSpec.OfRequests("describe")],
        };
    }
}
