using System.Diagnostics;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Hosts;

/// <summary>The process of one device, started again as often as it dies. It drains when its standard input ends: so it also ends when its parent is killed.</summary>
internal sealed class WorkerProcess(string device, IReadOnlyList<string> arguments, SystemConsole console, TimeProvider time)
{
    /// <summary>Set for the process, so that it watches its standard input.</summary>
    public const string SupervisedVariable = "DPVR_SUPERVISED";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(2);
    private Process? _process;

    public string Device => device;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Runs until <paramref name="stop"/>, or until the process refuses its command line.</summary>
    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!stop.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            var code = await RunOnceAsync(stop);
            if (stop.IsCancellationRequested || code == (int)ExitCode.Usage) return (ExitCode)code;
            if (time.GetElapsedTime(begun) > LongRun) pause = TimeSpan.FromSeconds(1);
            console.Error.WriteLine($"dpvr: the worker of {device} ended with {code}; it is started again in {pause.TotalSeconds:0} s.");
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
        return ExitCode.Ok;
    }

    private async Task<int> RunOnceAsync(CancellationToken stop)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, Environment = { [SupervisedVariable] = "1" } };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        _process = process;
        await using var _ = stop.Register(() => process.StandardInput.Close());
        await process.WaitForExitAsync(CancellationToken.None);
        _process = null;
        return process.ExitCode;
    }

    /// <summary>Cancelled when this process is supervised and its parent closes the pipe or dies.</summary>
    public static CancellationToken ParentGone()
    {
        if (Environment.GetEnvironmentVariable(SupervisedVariable) != "1") return CancellationToken.None;
        var gone = new CancellationTokenSource();
        new Thread(() =>
        {
            while (Console.In.Read() >= 0) { }
            gone.Cancel();
        })
        { IsBackground = true, Name = "parent" }.Start();
        return gone.Token;
    }
}
