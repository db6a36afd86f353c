using System.Diagnostics;
using System.Globalization;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Scale;

/// <summary>One silo with the real grains, a job of many pictures, and workers that compute nothing: what coordinating costs. The workers' own work is in the figures too.</summary>
internal sealed class ScaleRun(long items, int shards, int workers, bool files)
{
    private const int Size = 256;
    private const int RangesToLoad = 16;
    private static readonly JobId s_job = new("scale");
    private int _leased;
    private int _committed;
    private long _leaseTicks;

    public async IAsyncEnumerable<(string What, string Figure)> MeasureAsync()
    {
        var folder = files ? Directory.CreateTempSubdirectory("dpvr-scale-") : null;
        var memory = new MemoryBlobs();
        using var host = Build(folder is null ? memory : new FileBlobStore(folder.FullName));
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var store = host.Services.GetRequiredService<JobStore>();
        yield return ("store, workers", $"{(files ? "files" : "memory")}, {workers:N0}");

        var (begun, cpu) = (Stopwatch.GetTimestamp(), Cpu());
        var job = grains.GetGrain<IJobGrain>(s_job.Value);
        await job.StartAsync(Spec());
        var progress = await PlannedAsync(job);
        var took = Stopwatch.GetElapsedTime(begun);
        yield return ("planned", $"{progress.Images:N0} pictures in {progress.Shards:N0} shards, {took.TotalSeconds:F1} s: {progress.Images / took.TotalSeconds:N0} pictures/s");
        yield return ("CPU of planning a picture", Micro((Cpu() - cpu).TotalSeconds / progress.Images));
        yield return ("peak memory after planning", $"{PeakMebibytes():N0} MiB");

        var before = Managed(memory);
        var ranges = Math.Min(RangesToLoad, progress.Shards / ShardId.ShardsPerRange);
        for (var range = progress.Shards / ShardId.ShardsPerRange - ranges; range < progress.Shards / ShardId.ShardsPerRange; range++) await grains.GetGrain<IShardRangeGrain>($"{s_job}/{range}").StatusAsync();
        if (ranges > 0) yield return ("memory of a loaded range of 1,024 shards", $"{(Managed(memory) - before) / 1024.0 / ranges:N0} KiB");

        (begun, cpu) = (Stopwatch.GetTimestamp(), Cpu());
        await Task.WhenAll(Enumerable.Range(0, workers).Select(i => Task.Run(() => WorkAsync(grains, store, $"worker-{i}"))));
        took = Stopwatch.GetElapsedTime(begun);
        yield return ("leases = commits = reports", $"{_committed:N0} in {took.TotalSeconds:F1} s: {_committed / took.TotalSeconds:N0}/s");
        yield return ("a lease call, mean, all workers asking at once", $"{_leaseTicks / (double)Stopwatch.Frequency / _leased * 1000:F1} ms");
        yield return ("CPU of a shard", $"{(Cpu() - cpu).TotalMilliseconds / _committed:F2} ms");
        yield return ("CPU of a picture", Micro((Cpu() - cpu).TotalSeconds / _committed / Size));
        begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1000; i++) progress = await job.StatusAsync();
        yield return ("a status call", Micro(Stopwatch.GetElapsedTime(begun).TotalSeconds / 1000));
        yield return ("memory without blobs: planned, at the end", $"{before / 1048576.0:N0}, {Managed(memory) / 1048576.0:N0} MiB");
        yield return ("done, of what the job says", $"{_committed * (long)Size:N0} of {progress.ImagesDone:N0}");
        await host.StopAsync();
        folder?.Delete(recursive: true);
    }

    private IHost Build(IBlobStore blobs)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDpvrData(_ => blobs, JobLayout.Shared);
        builder.Services.AddSingleton<Func<SourceSpec, IDatasetReader>>(_ => new CountedReader(items));
        builder.AddDpvrSilo(static o => o.LeaseDuration = TimeSpan.FromMinutes(5));
        return builder.Build();
    }

    private static JobSpec Spec() => new()
    {
        Source = new SourceSpec { Root = "counted" },
        Prompts = [new PromptSpec("caption", "Describe the image.")],
        Model = new ModelSpec("none", "none", "1"),
        Output = new OutputSpec { Location = "nowhere" },
        ShardSize = Size,
    };

    private static async Task<JobProgress> PlannedAsync(IJobGrain job)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var progress = await job.StatusAsync();
            if (progress.Error is { } error) throw new InvalidOperationException($"{error.Code}: {error.Message}");
            if (progress.Shards > 0) return progress;
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task WorkAsync(IGrainFactory grains, JobStore store, string name)
    {
        var board = grains.GetGrain<IJobBoardGrain>(0);
        var job = grains.GetGrain<IJobGrain>(s_job.Value);
        while (Interlocked.Increment(ref _leased) <= shards)
        {
            var asked = Stopwatch.GetTimestamp();
            var reply = await board.LeaseAsync(name);
            Interlocked.Add(ref _leaseTicks, Stopwatch.GetTimestamp() - asked);
            if (reply.Lease is not { } lease) break;
            var done = new DoneMarker
            {
                Shard = lease.Shard,
                Attempt = lease.Attempt,
                Token = lease.Token,
                Data = JobLayout.DataName(lease.Shard, lease.Attempt),
                Count = lease.Plan.Count,
                Images = lease.Plan.Count,
                Requests = new Counts { Total = lease.Plan.Count, Succeeded = lease.Plan.Count },
            };
            if (!await store.TryCreateDoneAsync(lease.Job, done)) throw new InvalidOperationException($"Shard {lease.Shard} was done before.");
            await job.ReportAsync(lease.Shard, lease.Attempt, lease.Token, new AttemptReport { Outcome = AttemptOutcome.Committed, EngineSeconds = 1 });
            Interlocked.Increment(ref _committed);
        }
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;

    private static double PeakMebibytes() => Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;

    private static long Managed(MemoryBlobs blobs) => GC.GetTotalMemory(forceFullCollection: true) - blobs.BytesHeld;

    private static string Micro(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:F2} µs");
}
