using System.Collections.Concurrent;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Messages;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Replies;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>Looks at the noted jobs now and then and announces what has changed, and their ends.</summary>
internal sealed partial class JobWatch(JobNotes notes, IGrainFactory grains, Answers answers, IOptions<BusOptions> options, TimeProvider time, ILogger<JobWatch> logger) : BackgroundService
{
    private const int AtOnce = 8;
    private readonly ConcurrentDictionary<string, JobProgressed> _said = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ProgressInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await Parallel.ForEachAsync(notes.Open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, LookAsync);
    }

    private async ValueTask LookAsync(JobNote note, CancellationToken cancellationToken)
    {
        try
        {
            var job = await GrainCalls.AskAsync(() => grains.GetGrain<IJobGrain>(note.Job).StatusAsync(), cancellationToken);
            if (job.Status.IsTerminal())
            {
                if (job.Status == JobStatus.Failed) await answers.PublishAsync(JobEventsOf.Failed(job, note.CustomId), cancellationToken);
                else await answers.PublishAsync(JobEventsOf.Completed(job, note.CustomId), cancellationToken);
                await notes.RemoveAsync(note, cancellationToken);
                _said.TryRemove(note.Job, out _);
                return;
            }
            var now = JobEventsOf.Progress(job, note.CustomId);
            if (_said.TryGetValue(note.Job, out var before) && before == now) return;
            await answers.PublishAsync(now, cancellationToken);
            _said[note.Job] = now;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogMissed(logger, note.Job, e); // the broker, the store or a silo is away: the next round says it
        }
    }

    [LoggerMessage(1711, LogLevel.Warning, "What became of job {Job} could not be announced; it is tried again")]
    private static partial void LogMissed(ILogger logger, string job, Exception exception);
}
