using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Caption;

internal static class CaptionRun
{
    public static Task<ExitCode> ExecuteAsync(CaptionSettings settings, SystemConsole console, CancellationToken cancellationToken) =>
        Task.FromResult(ExitCode.JobFailed);
}
