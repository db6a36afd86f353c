using Dpvr.Cli.Caption;
using Dpvr.Cli.Progress;
using Dpvr.Cli.Terminal;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.Hosting;
using Dpvr.Silo.Launch;

namespace Dpvr.Cli.Cluster;

/// <summary><c>dpvr caption --cluster</c>: the same job, computed by a cluster's workers; the output comes into the same folder at the end.</summary>
internal static class ClusterCaption
{
    public static async Task<ExitCode> ExecuteAsync(CaptionSettings settings, SystemConsole console, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
        var target = settings.Cluster!;
        var spec = await CaptionJob.SpecOfAsync(settings, stop.Token) with { Output = new OutputSpec { Location = "", Sidecars = settings.Sidecars } };
        await using var cluster = await ClusterClient.ConnectAsync(target.Cluster, target.Store, settings.Verbose ? LogFormat.Text : LogFormat.None, stop.Token);

        using var view = RunViews.For(settings.Json, console);
        var launch = await cluster.Launcher.LaunchAsync(spec, new LaunchOptions { RetryFailed = settings.RetryFailed }, stop.Token);
        view.Start(CaptionRun.HeaderOf(settings, spec, launch.Job));
        if (LaunchNotes.Of(launch) is { } note) view.Note(note);
        if (target.Detach)
        {
            view.Note($"job {launch.Job} is in the cluster's hands: dpvr jobs watch {launch.Job}");
            return ExitCode.Ok;
        }
        var end = await FollowAsync(cluster, launch.Job, settings.Output, settings.AllowFailures, view, stop.Token);
        view.End(end with { Elapsed = TimeProvider.System.GetElapsedTime(begun) });
        return end.Code;
    }

    /// <summary>Shows a job until it ends, then fetches its output; a stop only detaches.</summary>
    public static async Task<RunEnd> FollowAsync(ClusterClient cluster, JobId job, string output, bool allowFailures, IRunView view, CancellationToken stop)
    {
        var progress = await new JobWatch(cluster.Job(job), new ClusterRun(), view).UntilEndAsync(stop);
        if (!progress.Status.IsTerminal() && stop.IsCancellationRequested)
        {
            view.Note($"the job goes on in the cluster: dpvr jobs watch {job} shows it, dpvr jobs cancel {job} stops it.");
            return new RunEnd { Code = ExitCode.Interrupted, Job = progress, Output = output };
        }
        if (progress.Status is JobStatus.Completed or JobStatus.Cancelled && progress.Shards > 0) await OutputDownload.RunAsync(cluster.Store, job, output, stop);
        return new RunEnd { Code = CaptionRun.CodeOf(progress, allowFailures), Job = progress, Output = output };
    }
}
