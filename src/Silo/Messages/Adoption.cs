using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Jobs;
using Dpvr.Silo.Messages.Windows;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages;

/// <summary>Takes over what silos left unanswered that are gone. The first member does it, so that two do not both answer.</summary>
internal sealed partial class Adoption(BusOwner owner, BusRecords records, JobNotes notes, WindowAnswers windows, IOptions<BusOptions> options, TimeProvider time, ILogger<Adoption> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.AdoptInterval, time);
        do
        {
            try
            {
                await AdoptAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogMissed(logger, e); // the store or the cluster does not answer now: the next round tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        // Owners before members: a silo that joins in between is then no owner yet, and not taken for one that is gone.
        var owners = await records.OwnersAsync(cancellationToken);
        var members = await owner.MembersAsync(cancellationToken);
        if (members.Count == 0 || members[0] != owner.Name) return;
        foreach (var gone in owners.Where(o => !members.Contains(o)))
        {
            var (jobs, open) = (0, 0);
            try
            {
                await records.TakeOverAsync(gone, OfJob, OfWindow, cancellationToken);
            }
            finally
            {
                if (jobs + open > 0) LogAdopted(logger, gone, jobs, open);
            }

            void OfJob(JobNote note)
            {
                notes.Watch(note);
                jobs++;
            }

            void OfWindow(WindowRecord window)
            {
                windows.Follow(window);
                open++;
            }
        }
    }

    [LoggerMessage(1701, LogLevel.Information, "Silo {Silo} is gone: this one announces the ends of {Jobs} jobs and answers {Windows} windows that it left")]
    private static partial void LogAdopted(ILogger logger, string silo, int jobs, int windows);

    [LoggerMessage(1702, LogLevel.Warning, "What silos left that are gone could not be looked for; it is tried again")]
    private static partial void LogMissed(ILogger logger, Exception exception);
}
