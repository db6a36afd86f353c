using Dpvr.Silo.Launch;

namespace Dpvr.Cli.Caption;

/// <summary>What a person should know about what an earlier run left.</summary>
internal static class LaunchNotes
{
    public static string? Of(JobLaunch launch) => launch.Kind switch
    {
        LaunchKind.Resumed => "going on where an earlier run stopped",
        LaunchKind.Renewed => "the pictures or results have changed since the last run: only what is missing or changed is computed",
        LaunchKind.AlreadyDone when launch.Progress.Requests.Failed > 0 => "already done; --retry-failed tries the failed pictures again, --overwrite begins anew",
        LaunchKind.AlreadyDone => "already done; --overwrite begins anew",
        LaunchKind.Reassembled => "the output files are put together again; nothing is computed",
        _ => null,
    };
}
