using Dpvr.Cli.Terminal;
using Dpvr.Hosting.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Hosts;

/// <summary>Runs a host until someone asks it to stop: the first SIGTERM or Ctrl-C drains, the second ends at once.</summary>
internal static class HostRun
{
    public static async Task<ExitCode> ExecuteAsync(IHost host, string what, SystemConsole console, CancellationToken cancellationToken)
    {
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain, WorkerProcess.ParentGone(), host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        using (host)
        {
            try
            {
                await host.StartAsync(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return ExitCode.Ok;
            }
            console.Out.WriteLine($"{what} ready");
            console.Out.Flush();
            await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await host.StopAsync(CancellationToken.None);
            return host.Services.GetService<MembershipGuard>() is { IsForgotten: true } ? ExitCode.JobFailed : ExitCode.Ok;
        }
    }
}
