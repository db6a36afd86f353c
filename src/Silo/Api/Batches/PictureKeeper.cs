using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Requests;
using Dpvr.Silo.Api.Jobs;

namespace Dpvr.Silo.Api.Batches;

/// <summary>
/// Removes the pictures of batches, a day's at once: when they were kept as long as they are to be, and no batch that claimed one of them, nor its job, is open. Any number of
/// hosts may do it: nobody claims pictures of a day that is over.
/// </summary>
internal sealed partial class PictureKeeper(PictureDays days, BatchStore batches, JobStore store, ApiOptions options, TimeProvider time, ILogger<PictureKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        do
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Removes what nobody needs any more.</summary>
    public async Task CleanAsync(CancellationToken stop)
    {
        var last = DateOnly.FromDateTime((time.GetUtcNow() - options.PicturesKept).UtcDateTime);
        foreach (var day in await days.ListAsync(stop))
        {
            if (day >= last || await IsNeededAsync(day, stop)) continue;
            await days.DeleteAsync(day, stop);
            LogRemoved(logger, day);
        }
    }

    private async Task<bool> IsNeededAsync(DateOnly day, CancellationToken stop)
    {
        foreach (var user in await days.UsersAsync(day, stop))
        {
            if (await batches.FindAsync(user, stop) is null) continue; // it was never written
            var state = await batches.ReadStateAsync(user, stop);
            if (!state.HasEnded || (state.Job is { } job && await JobFamily.OpenOneAsync(store, new JobId(job), stop) is not null)) return true;
        }
        return false;
    }

    [LoggerMessage(1604, LogLevel.Information, "The pictures that came with batches on {Day:yyyy-MM-dd} are removed: no batch needs them")]
    private static partial void LogRemoved(ILogger logger, DateOnly day);

    [LoggerMessage(1605, LogLevel.Warning, "Pictures of batches that nobody needs could not be looked for; it is tried again")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
