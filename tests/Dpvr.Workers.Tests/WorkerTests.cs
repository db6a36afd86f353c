using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Workers.Tests.Engine;

namespace Dpvr.Workers.Tests;

public sealed class WorkerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dpvr-worker-").FullName;

    [Fact]
    public async Task Worker_AJobOfManyShards_WritesEveryPictureOnceInOrder()
    {
        var spec = Job(pictures: 50, shardSize: 8);
        var engine = default(TestEngine)!;
        // Its first step lasts until more pictures than a shard has wait for it: when the tenth is decoded, by one thread, nine were given to it.
        using var decoded = new CountdownEvent(10);
        await using var host = await TestHost.StartAsync(Output, () => engine = new TestEngine
        {
            Slots = 16,
            Pictures = new TestPictures
            {
                OnPrepare = () =>
                {
                    if (!decoded.IsSet) decoded.Signal();
                },
            },
            OnStep = _ => decoded.Wait(TestContext.Current.CancellationToken),
        }, worker: static w => w.DecodeThreads = 1);

        var end = await host.EndAsync(await host.LaunchAsync(spec));

        end.Status.Should().Be(JobStatus.Completed);
        Captions().Select(r => (r.CustomId, r.Text)).Should().Equal(Enumerable.Range(0, 50).Select(i => ($"{i:D3}.jpg", (string?)TestEngine.TextOf("describe", TestPicture.Sha256Of($"picture {i}")))));
        engine.MostLive.Should().BeGreaterThan(8, "small shards are put together until the engine is full");
        (host.Status.ImagesInHand, host.Status.Tokens).Should().Be((0, 50 * 3));
    }

    [Fact]
    public async Task Worker_WhenOnePictureBreaksTheEngine_OnlyThatOneIsGivenUp()
    {
        var spec = Job(pictures: 20, shardSize: 10);
        var poison = TestPicture.Sha256Of("picture 13");
        await using var host = await TestHost.StartAsync(Output, () => new TestEngine
        {
            OnStep = live =>
            {
                if (live.Any(r => r.Picture.Sha256 == poison)) throw new InvalidOperationException("boom");
            },
        });

        var end = await host.EndAsync(await host.LaunchAsync(spec));

        end.Status.Should().Be(JobStatus.Completed);
        Captions().Should().HaveCount(19);
        Errors().Select(r => (r.CustomId, r.Error!.Code)).Should().Equal(("013.jpg", ErrorCodes.Internal));
    }

    [Fact]
    public async Task Worker_WhenTheEngineCannotBeMade_SaysSoAndConsumesNoAttempt()
    {
        var spec = Job(pictures: 3, shardSize: 8);
        var makes = 0;
        using var seen = new ManualResetEventSlim();
        await using var host = await TestHost.StartAsync(Output, () =>
        {
            if (++makes <= 4) throw new InvalidDataException("no weights yet");
            seen.Wait();
            return new TestEngine();
        });
        var job = await host.LaunchAsync(spec);
        await host.UntilAsync(job, _ => host.Status.EngineFault is not null);
        seen.Set();

        var end = await host.EndAsync(job);

        end.Status.Should().Be(JobStatus.Completed);
        end.Requests.Failed.Should().Be(0, "four failures of the worker are more than a shard's attempts");
        host.Status.EngineFault.Should().BeNull();
    }

    [Fact]
    public async Task Drain_GivesBackWhatWasNotBegunAndTheNextHostFinishes()
    {
        var spec = Job(pictures: 12, shardSize: 4);
        var stepping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        JobId job;
        await using (var first = await TestHost.StartAsync(Output, () => new TestEngine { StepsPerRequest = int.MaxValue, OnStep = _ => stepping.TrySetResult() }))
        {
            job = await first.LaunchAsync(spec);
            await stepping.Task;
            await first.DrainAsync();
            (await first.Job(job).StatusAsync()).Leased.Should().Be(0, "leases are given back");
        }

        await using var second = await TestHost.StartAsync(Output, () => new TestEngine());
        (await second.LaunchAsync(spec)).Should().Be(job, "the same specification is the same job");
        var end = await second.EndAsync(job);

        end.Requests.Should().Be(new Counts { Total = 12, Succeeded = 12 });
        Captions().Select(r => r.CustomId).Should().OnlyHaveUniqueItems().And.HaveCount(12);
    }

    [Fact]
    public async Task Drain_WhileALeaseIsOnItsWay_GivesItBackWithoutAnAttempt()
    {
        var (given, heard) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var host = await TestHost.StartAsync(Output, () => new TestEngine(), onCall: async call =>
        {
            await call.Invoke();
            if (call.Result is not LeaseReply { Lease: not null }) return;
            given.TrySetResult();
            await heard.Task;
        });
        var job = await host.LaunchAsync(Job(pictures: 4, shardSize: 4));
        await given.Task;

        var drained = host.DrainAsync();
        heard.SetResult();
        await drained;

        (await host.Job(job).StatusAsync()).Leased.Should().Be(0, "else it would end by its time, as a failed attempt");
    }

    [Fact]
    public async Task Cancel_WhileTheEngineComputes_EndsTheJobAsCancelled()
    {
        var spec = Job(pictures: 12, shardSize: 4);
        var stepping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await TestHost.StartAsync(Output, () => new TestEngine { StepsPerRequest = int.MaxValue, OnStep = _ => stepping.TrySetResult() }, leaseSeconds: 1);
        var job = await host.LaunchAsync(spec);
        await stepping.Task;

        await host.Job(job).CancelAsync();

        (await host.EndAsync(job)).Status.Should().Be(JobStatus.Cancelled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    public async Task Worker_TwoJobsOfDifferentEngines_FinishesOneEnginesShardsBeforeItMakesTheOther(int staySeconds)
    {
        var (live, most, made) = (0, 0, 0);
        TestEngine Make()
        {
            made++;
            most = Math.Max(most, Interlocked.Increment(ref live));
            return new TestEngine { OnDispose = () => Interlocked.Decrement(ref live) };
        }
        await using var host = await TestHost.StartAsync(Output, Make, configure: silo => silo.EngineStay = TimeSpan.FromSeconds(staySeconds));
        var spec = Job(pictures: 24, shardSize: 4);
        var one = await host.LaunchAsync(spec);
        var two = await host.LaunchAsync(spec with { Routing = new RoutingSpec { Kind = "withdraw", SaturationLayer = 2 } });

        foreach (var job in new[] { one, two })
            (await host.EndAsync(job)).Requests.Should().Be(new Counts { Total = 24, Succeeded = 24 }, "nobody's shard is cut off by a change of engine");

        most.Should().Be(1, "one engine takes the place of the other");
        if (staySeconds > 0) made.Should().BeInRange(2, 3, "a worker stays with its engine while that has work");
    }

    [Theory]
    [InlineData(0, 2, "WorkerOptions.ShardsInHand: '0' is not allowed; allowed: 1 to 64.")]
    [InlineData(2, 0, "WorkerOptions.DecodeThreads: '0' is not allowed; allowed: 1 to 256.")]
    public void Validate_WhatCouldNotWork_IsRefusedByName(int shards, int threads, string says) =>
        new WorkerOptionsValidator().Validate(null, new WorkerOptions { ShardsInHand = shards, DecodeThreads = threads }).Failures.Should().Contain(says);

    private string Output => Path.Combine(_folder, "out");

    private JobSpec Job(int pictures, int shardSize)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, "in")).FullName;
        for (var i = 0; i < pictures; i++) File.WriteAllText(Path.Combine(root, $"{i:D3}.jpg"), $"picture {i}");
        return new JobSpec
        {
            Source = new SourceSpec { Root = root },
            Prompts = [new PromptSpec("caption", "describe")],
            Model = new ModelSpec("test", "nowhere", "r1"),
            Output = new OutputSpec { Location = Output },
            ShardSize = shardSize,
        };
    }

    private List<ItemRecord> Captions() => Read("captions.jsonl");

    private List<ItemRecord> Errors() => Read("errors.jsonl");

    private List<ItemRecord> Read(string name) =>
        [.. File.ReadLines(Path.Combine(Output, name)).Select(line => JsonSerializer.Deserialize(line, DpvrJson.Line.ItemRecord)!)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
