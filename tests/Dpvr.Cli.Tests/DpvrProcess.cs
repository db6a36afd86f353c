using System.Diagnostics;

namespace Dpvr.Cli.Tests;

/// <summary>The real program as a process of its own.</summary>
internal sealed class DpvrProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _spoke = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _out, _error;

    private DpvrProcess(Process process)
    {
        _process = process;
        (_out, _error) = (ReadAsync(process.StandardOutput), process.StandardError.ReadToEndAsync());
    }

    public bool HasEnded => _process.HasExited;

    public static DpvrProcess Start(params string[] args) => new(Process.Start(new ProcessStartInfo(Repository.Dpvr, args)
    {
        RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["OMP_NUM_THREADS"] = "1" },
    })!);

    /// <summary>Done when the first line came on standard output, or its end.</summary>
    public Task FirstLineAsync() => _spoke.Task;

    private async Task<string> ReadAsync(StreamReader output)
    {
        var first = await output.ReadLineAsync();
        _spoke.SetResult();
        return first is null ? "" : first + "\n" + await output.ReadToEndAsync();
    }

    /// <summary>kill -9</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal by its name, as in INT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<CommandLine> EndAsync()
    {
        await _process.WaitForExitAsync();
        return new CommandLine((ExitCode)_process.ExitCode, await _out, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
