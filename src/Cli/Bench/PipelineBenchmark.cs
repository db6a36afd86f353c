using Dpvr.Cli.Caption;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Launch;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Pictures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Bench;

/// <summary>The engine alone, then the whole embedded pipeline, over the same pictures with the same engine settings.</summary>
internal static class PipelineBenchmark
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <exception cref="UsageException">There is no picture that can be read, or the job did not end well.</exception>
    internal static async Task<PipelineRow> RunAsync(CaptionSettings settings, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("dpvr-bench-");
        try
        {
            var spec = CaptionJob.SpecOf(settings with { Output = scratch.FullName });
            using var host = EmbeddedHost.Build(settings with { Output = scratch.FullName });
            var engine = await Task.Factory.StartNew(
                () => Engine(host.Services.GetRequiredService<IEngineFactory>(), spec, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var pipeline = await PipelineAsync(host, spec, cancellationToken);
            return new PipelineRow(engine.Images, engine.Requests, engine.Cost, pipeline, spec.Routing.ToString());
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static (int Images, int Requests, PipelineCost Cost) Engine(IEngineFactory factory, JobSpec spec, CancellationToken cancellationToken)
    {
        using var engine = factory.Create(spec);
        // This thread is the engine's own: tensors' scopes belong to it, so it waits instead of going away.
        var pictures = PicturesAsync(engine.Pictures, spec, cancellationToken).GetAwaiter().GetResult();
        var waiting = new Queue<EngineRequest>(pictures.SelectMany(_ => spec.Prompts, (picture, prompt) => (picture, prompt)).Select((pair, id) =>
            new EngineRequest { Id = id, Picture = pair.picture, Prompt = pair.prompt.Text, Sampling = spec.Sampling }));
        var (requests, tokens, cost) = (waiting.Count, 0L, PipelineCost.Begin());
        while (waiting.Count > 0 || !engine.IsIdle)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (engine.FreeSlots > 0 && waiting.TryDequeue(out var next)) engine.Submit(next);
            foreach (var done in engine.Step()) tokens += done.Tokens.Completion;
        }
        return (pictures.Count, requests, cost(tokens));
    }

    private static async Task<List<PreparedPicture>> PicturesAsync(IPicturePreparer preparer, JobSpec spec, CancellationToken cancellationToken)
    {
        var reader = DatasetReaders.Open(spec.Source);
        var pictures = new List<PreparedPicture>();
        await foreach (var item in reader.ListAsync(cancellationToken))
            if (await reader.ReadAsync(item, cancellationToken) is { Error: null } source && preparer.Prepare(source.Bytes, item.CustomId).Picture is { } picture)
                pictures.Add(picture);
        return pictures.Count > 0 ? pictures : throw new UsageException($"<folder>: '{spec.Source.Root}' has no picture that can be read.");
    }

    private static async Task<PipelineCost> PipelineAsync(IHost host, JobSpec spec, CancellationToken cancellationToken)
    {
        var engine = await host.Services.GetRequiredService<EngineHost>().ForAsync(spec, cancellationToken);
        await host.StartAsync(cancellationToken);
        try
        {
            await engine.Ready;
            var cost = PipelineCost.Begin();
            var launch = await host.Services.GetRequiredService<JobLauncher>().LaunchAsync(spec, cancellationToken: cancellationToken);
            var job = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(launch.Job.Value);
            var progress = launch.Progress;
            using var timer = new PeriodicTimer(Poll);
            while (!progress.Status.IsTerminal() && await timer.WaitForNextTickAsync(cancellationToken)) progress = await job.StatusAsync();
            var spent = cost(progress.CompletionTokens);
            return progress.Status == JobStatus.Completed
                ? spent
                : throw new UsageException($"the job ended as {progress.Status}: {progress.Error?.Message}");
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
