using Dpvr.Cli.Caption;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Progress;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Output;
using Dpvr.Silo.Api.Jobs;

namespace Dpvr.Cli.Client;

/// <summary>Shows a job of a server until it ends, over lost connections, and fetches its results.</summary>
internal sealed class RemoteWatch(ApiClient client, IRunView view, TimeProvider time)
{
    private const int MostFailures = 10;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);
    private readonly ClusterRun _run = new();
    private readonly RateMeter _rates = new(time);

    public async Task<RunEnd> FollowAsync(string job, string output, bool allowFailures, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var last = (await client.ReadAsync(job, stop)).ToProgress();
        for (var failures = 0; !last.Status.IsTerminal();)
        {
            try
            {
                await foreach (var state in client.EventsAsync(job, stop))
                {
                    (last, failures) = (state.ToProgress(), 0);
                    var snapshot = _run.Snapshot(last);
                    view.Show(snapshot, _rates.Add(snapshot));
                }
                if (!last.Status.IsTerminal()) await Task.Delay(s_pause, time, stop);
            }
            catch (ServerException) when (++failures < MostFailures)
            {
                await Task.Delay(s_pause, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                view.Note($"the job goes on at the server: dpvr watch {job}");
                return new RunEnd { Code = ExitCode.Interrupted, Job = last, Output = output };
            }
        }
        await FetchAsync(client, job, output, stop);
        return new RunEnd { Code = CaptionRun.CodeOf(last, allowFailures), Job = last, Output = output, Elapsed = time.GetElapsedTime(begun) };
    }

    /// <summary>The results, the manifest last; false when the job has none.</summary>
    public static async Task<bool> FetchAsync(ApiClient client, string job, string output, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(output);
        foreach (var file in (string[])[OutputNames.Captions, OutputNames.Errors, OutputNames.Manifest])
            if (!await client.DownloadAsync(job, file, Path.Combine(output, file), cancellationToken))
                return false;
        return true;
    }

    public static RunHeader HeaderOf(JobView job, string output) => new()
    {
        Folder = job.Source ?? "",
        Output = output,
        Model = job.Model ?? "",
        Routing = job.Routing ?? "",
        Job = job.Id,
        Prompts = [.. (job.Prompts ?? []).Select(static p => p.Name)],
    };
}
