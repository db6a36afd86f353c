using Dpvr.Cli.Terminal;
using Dpvr.Hosting.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Hosts;

/// <summary>Runs a host until someone asks it to stop: the first SIGTERM or Ctrl-C drains, the second ends at once.</summary>
internal static class HostRun
{
    public static Task<ExitCode> ExecuteAsync(IHost host, string what, SystemConsole console, CancellationToken cancellationToken) => ExecuteAsync(host, () => what, console, cancellationToken);

    /// <summary>The same for a host of which only its start says what there is to say.</summary>
    public static async Task<ExitCode> ExecuteAsync(IHost host, Func<string> what, SystemConsole console, CancellationToken cancellationToken)
    {
        using var interrupts = Interrupts.Listen();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupts.Drain, WorkerProcess.ParentGone(), host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await host.StartAsync(stop.Token);
            console.Out.WriteLine($"{what()} ready");
            console.Out.Flush();
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        // A silo that nobody knows has nothing to hand over, and would try to say so for minutes: the process simply ends.
        if (host.Services.GetService<MembershipGuard>() is { IsForgotten: true }) return ExitCode.JobFailed;
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        return ExitCode.Ok;
    }
}
