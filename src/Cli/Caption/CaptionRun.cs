using Dpvr.Cli.Progress;
using Dpvr.Cli.Terminal;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Identity;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Silo.Launch;
using Dpvr.Workers;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Caption;

/// <summary>One <c>dpvr caption</c> from its first line to its exit code.</summary>
internal static class CaptionRun
{
    public static async Task<ExitCode> ExecuteAsync(CaptionSettings settings, SystemConsole console, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain);
        var spec = await CaptionJob.SpecOfAsync(settings, stop.Token);
        using var held = OutputLock.TryAcquire(settings.Output)
            ?? throw new UsageException($"--output: another dpvr is at work on '{settings.Output}'; wait for it, or name another folder.");
        using var view = RunViews.For(settings.Json, console);
        view.Start(HeaderOf(settings, spec, JobIds.First(spec)));

        using var host = EmbeddedHost.Build(settings);
        await WarmUpAsync(host.Services, settings, spec);
        await host.StartAsync(CancellationToken.None);
        RunEnd end;
        try
        {
            end = await WatchAsync(host.Services, settings, spec, view, stop.Token);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
        view.End(end with { Elapsed = TimeProvider.System.GetElapsedTime(begun) });
        return end.Code;
    }

    /// <summary>The weights load while the silo starts, unless the folder looks finished, where perhaps none are needed.</summary>
    private static async Task WarmUpAsync(IServiceProvider services, CaptionSettings settings, JobSpec spec)
    {
        if (settings.Overwrite || settings.RetryFailed || !File.Exists(Path.Combine(settings.Output, OutputNames.Manifest)))
            await services.GetRequiredService<EngineHost>().ForAsync(spec, CancellationToken.None);
    }

    private static async Task<RunEnd> WatchAsync(IServiceProvider services, CaptionSettings settings, JobSpec spec, IRunView view, CancellationToken stop)
    {
        var store = services.GetRequiredService<JobStore>();
        if (!settings.Overwrite) await services.GetRequiredService<ResultCache>().LoadAsync(store, stop);
        var launch = await services.GetRequiredService<JobLauncher>().LaunchAsync(
            spec, new LaunchOptions { Overwrite = settings.Overwrite, RetryFailed = settings.RetryFailed }, stop);
        if (LaunchNotes.Of(launch) is { } note) view.Note(note);

        var watch = new JobWatch(services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(launch.Job.Value), new EmbeddedRun(services), view);
        var progress = await watch.UntilEndAsync(stop);
        if (stop.IsCancellationRequested && !progress.Status.IsTerminal())
        {
            view.Note("stopping: what was begun gets 10 seconds to finish; Ctrl-C again ends at once.");
            await services.DrainDpvrWorkerAsync(CancellationToken.None);
            progress = await watch.ReadAsync();
            return new RunEnd { Code = ExitCode.Interrupted, Job = progress, Output = settings.Output };
        }
        if (services.GetRequiredService<WorkerStatus>().EngineFault is { } fault && !progress.Status.IsTerminal()) throw new UsageException($"the model cannot be run: {fault.Message}", fault);
        return new RunEnd { Code = CodeOf(progress, settings.AllowFailures), Job = progress, Output = settings.Output };
    }

    /// <summary>What a run is about.</summary>
    internal static RunHeader HeaderOf(CaptionSettings settings, JobSpec spec, JobId job) => new()
    {
        Folder = settings.Folder,
        Output = settings.Output,
        Model = spec.Model.Name,
        Routing = spec.Routing.ToString(),
        Job = job.Value,
        Prompts = [.. spec.Prompts.Select(p => p.Name)],
    };

    /// <summary>What a job's end means to the caller of a command.</summary>
    internal static ExitCode CodeOf(JobProgress job, bool allowFailures) => job.Status switch
    {
        JobStatus.Completed => job.Requests.Failed > 0 && !allowFailures ? ExitCode.ItemsFailed : ExitCode.Ok,
        JobStatus.Cancelled => ExitCode.Cancelled,
        _ => ExitCode.JobFailed,
    };
}
