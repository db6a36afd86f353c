using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Identity;
using Dpvr.Data.Sources;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Pipeline;
using Dpvr.Workers.Shards;
using Dpvr.Workers.Tests.Engine;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.Options;

namespace Dpvr.Workers.Tests.Pipeline;

/// <summary>A pipeline over a real folder of files with a test engine.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dpvr-pipeline-").FullName;
    private readonly WorkerInstruments _instruments;
    private readonly PicturePipeline _pipeline;
    private readonly EngineThread _engine;

    public PipelineFixture(Func<TestEngine>? create = null, IResultCache? cache = null)
    {
        var options = Options.Create(new WorkerOptions { FetchThreads = 3, DecodeThreads = 2 });
        _instruments = new WorkerInstruments(Prometheus.Metrics.NewCustomRegistry(), Gauge, Status);
        _pipeline = new PicturePipeline(new AnswerStage(Status, options), Gauge, _instruments, TimeProvider.System, options, cache);
        _engine = new EngineThread(create ?? (() => new TestEngine()), Gauge, TimeProvider.System);
    }

    public PipelineGauge Gauge { get; } = new();
    public WorkerStatus Status { get; } = new();

    public void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);

    public JobSpec Job(params PromptSpec[] prompts) => new()
    {
        Source = new SourceSpec { Root = _folder, Globs = ["*"] },
        Prompts = prompts.Length > 0 ? prompts : [new PromptSpec("caption", "describe")],
        Model = new ModelSpec("test", "nowhere", "r1"),
        Output = new OutputSpec { Location = "nowhere" },
    };

    public async Task<ShardWork> BeginAsync(JobSpec job, CancellationToken cancellationToken = default, Action? afterListing = null)
    {
        List<ShardItem> items = [];
        await foreach (var item in DatasetReaders.Open(job.Source).ListAsync(cancellationToken)) items.Add(item);
        afterListing?.Invoke();
        var lease = new Lease
        {
            Job = new JobId("test"), Shard = new ShardId(0), Attempt = 1, Token = "t", Plan = new PlanSlice("plan", 0, 0, 0, items.Count), Duration = TimeSpan.FromMinutes(1),
        };
        var shard = new ShardWork(lease, JobContext.Of(job), items, _engine, await _engine.Ready, cancellationToken);
        Status.OnBegun(shard);
        return shard;
    }

    public async Task<IReadOnlyList<ItemRecord>> RunAsync(JobSpec job, Action? afterListing = null)
    {
        var shard = await BeginAsync(job, default, afterListing);
        await EnterAsync(shard);
        return await shard.FinishedAsync();
    }

    /// <summary>Until no stage has work: the last one lets go of an item a moment after its record is there.</summary>
    public async Task IdleAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (Gauge.Cause != WaitCause.Queue) await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    public Task EnterAsync(ShardWork shard) => _pipeline.EnterAsync(shard);

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
