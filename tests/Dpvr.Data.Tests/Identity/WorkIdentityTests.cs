using Dpvr.Contracts.Jobs;
using Dpvr.Data.Identity;

namespace Dpvr.Data.Tests.Identity;

public sealed class WorkIdentityTests
{
    private static readonly string s_sha = new('a', 64);
    private static readonly JobSpec s_spec = Samples.Spec("/source");

    [Fact]
    public void Of_EqualWork_IsEqualWhateverItsNameAndPlace()
    {
        var other = s_spec with { Source = new SourceSpec { Root = "/else" }, Output = new OutputSpec { Location = "else" }, BatchSize = 7 };

        Id(other, new PromptSpec("named otherwise", s_spec.Prompts[0].Text)).Should().Be(Id(s_spec, s_spec.Prompts[0]));
        Id(s_spec with { Sampling = new SamplingSpec { Seed = 5, TopK = 3 } }, s_spec.Prompts[0]).Should().Be(Id(s_spec, s_spec.Prompts[0]), "greedy decoding reads no seed");
    }

    [Fact]
    public void Of_DifferentWork_Differs()
    {
        var hot = s_spec with { Sampling = new SamplingSpec { Temperature = 1 } };
        var prompt = s_spec.Prompts[0];
        string[] ids =
        [
            Id(s_spec, prompt),
            Id(s_spec, prompt, new string('b', 64)),
            Id(s_spec, prompt with { Text = "Describe!" }),
            Id(s_spec with { Model = s_spec.Model with { Revision = "2" } }, prompt),
            Id(s_spec with { Routing = new RoutingSpec { Kind = "withdraw" } }, prompt),
            Id(s_spec with { Routing = new RoutingSpec { Kind = "withdraw", SaturationLayer = 3 } }, prompt),
            Id(s_spec with { Routing = new RoutingSpec { Kind = "withdraw", VisualTokens = 64 } }, prompt),
            Id(s_spec with { Routing = new RoutingSpec { Kind = "withdraw", VisualTokens = 16 } }, prompt),
            Id(s_spec with { Sampling = new SamplingSpec { MaxNewTokens = 3 } }, prompt),
            Id(s_spec with { Sampling = new SamplingSpec { Stop = ["a"] } }, prompt),
            Id(s_spec with { Sampling = new SamplingSpec { TokenLogprobs = true } }, prompt),
            Id(hot, prompt),
            Id(hot with { Sampling = hot.Sampling with { Seed = 1 } }, prompt),
            Id(hot with { Sampling = hot.Sampling with { TopP = 0.9 } }, prompt),
        ];

        ids.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task ResultCache_AfterAJob_FindsAnswersAndNoErrors()
    {
        using var job = await DoneJob.CreateAsync();
        var cache = new ResultCache(job.Store.Blobs);
        await cache.LoadAsync(job.Store);

        cache.Count.Should().Be(9);
        var sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("picture 7"u8));
        var found = await cache.FindAsync(new WorkIdentity(job.Spec, job.Spec.Prompts[0]).Of(sha));
        found!.CustomId.Should().Be("p7.png");
        (await cache.FindAsync(new string('0', 64))).Should().BeNull();
        await job.Store.Blobs.DeletePrefixAsync(job.Store.Layout.Job(job.Job));
        (await cache.FindAsync(found.Work!)).Should().BeNull("its data was cleaned away");
    }

    [Fact]
    public void Of_AnotherPrecision_IsOtherWork()
    {
        string Of(string dtype) => new WorkIdentity(s_spec, s_spec.Prompts[0], dtype).Of(s_sha);
        string[] all = [Of("float32"), Of("bfloat16"), Of("int8")];
        all.Should().OnlyHaveUniqueItems();
        all[0].Should().Be(Id(s_spec, s_spec.Prompts[0]), "answers from before a precision could be chosen stay known");
    }

    private static string Id(JobSpec spec, PromptSpec prompt, string? sha = null) => new WorkIdentity(spec, prompt).Of(sha ?? s_sha);
}
