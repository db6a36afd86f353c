using Dpvr.Contracts.Jobs;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Waits;

namespace Dpvr.Workers.Tests.Engine;

public sealed class EngineHostTests
{
    private static readonly JobSpec s_chat = new()
    {
        Source = new SourceSpec { Kind = SourceKinds.Requests, Root = "" },
        Prompts = [PromptSpec.OfRequests()],
        Model = new ModelSpec("m", "models/m", "1"),
        Output = new OutputSpec { Location = "" },
        Limits = RequestLimits.For(256, 256),
    };

    private static readonly JobSpec s_folder = s_chat with { Source = new SourceSpec { Root = "/pictures" }, Prompts = [new PromptSpec("caption", "Describe.")], Limits = null };

    public static TheoryData<string, JobSpec, bool> Jobs() => new()
    {
        { "of pictures in a folder", s_folder, true },
        { "of shorter requests", s_chat with { Limits = RequestLimits.For(64, 64) }, true },
        { "of longer answers", s_folder with { Sampling = new SamplingSpec { MaxNewTokens = 300 } }, false },
        { "of longer rows", s_chat with { Limits = RequestLimits.For(512, 64) }, false },
        { "with a long prompt", s_folder with { Prompts = [new PromptSpec("caption", new string('x', 257))] }, false },
        { "of other weights", s_folder with { Model = new ModelSpec("m", "models/m", "2") }, false },
        { "of another routing", s_folder with { Routing = new RoutingSpec { Kind = "withdraw" } }, false },
        { "with a batch size of its own", s_folder with { BatchSize = 3 }, false },
    };

    [Theory, MemberData(nameof(Jobs))]
    public async Task For_AnotherJob_SharesTheEngineOnlyWhereItHasTheRoom(string why, JobSpec job, bool shares)
    {
        await using var host = Host();
        var first = await host.ForAsync(s_chat, default);

        (await host.BesideAsync(job, default)).Should().BeSameAs(shares ? first : null, $"a job {why}");
        first.HasEnded.Should().BeFalse("nobody's engine is taken away for a guest");
        ReferenceEquals(await host.ForAsync(job, default), first).Should().Be(shares);
        first.HasEnded.Should().Be(!shares);
    }

    [Fact]
    public async Task Beside_WhereThereIsNoEngine_MakesOne()
    {
        await using var host = Host();

        var engine = await host.BesideAsync(s_chat, default);

        (await engine!.Ready).Description.Model.Should().Be("test");
        (await host.ForAsync(s_chat, default)).Should().BeSameAs(engine);
    }

    private static EngineHost Host() => new(new Factory(), new PipelineGauge(), TimeProvider.System);

    private sealed class Factory : IEngineFactory
    {
        public ICaptionEngine Create(JobSpec job) => new TestEngine();
    }
}
