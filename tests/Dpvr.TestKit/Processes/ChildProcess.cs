using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Dpvr.TestKit.Processes;

/// <summary>A process that a test started: its output is kept, it can be sent signals, and it never outlives the test program.</summary>
public sealed class ChildProcess : IDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, bool> s_living = new();
    private readonly Process _process;
    private readonly StringBuilder _out = new(), _error = new();
    private readonly ConcurrentDictionary<Action<string>, bool> _listeners = new();
    private readonly Task _read;
    private bool _disposed;

    // A test program that is stopped by a signal (a time limit, Ctrl-C) does not come to its ProcessExit before the test platform ends it: both are listened to.
    private static readonly PosixSignalRegistration[] s_signals = OperatingSystem.IsWindows() ? [] :
        [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(static signal => PosixSignalRegistration.Create(signal, static _ => EndAll()))];

    private static volatile bool s_ended;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => EndAll();

    private ChildProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(ReadAsync(process.StandardOutput, _out), ReadAsync(process.StandardError, _error));
        s_living.TryAdd(this, true);
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Out => TextOf(_out);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error => TextOf(_error);

    /// <summary>Starts it, in a session of its own where the system has setsid(1): a Ctrl-C on the terminal is for the test program, not for it.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        if (s_ended) throw new InvalidOperationException("The test program is ending: nothing is started any more.");
        var session = Programs.Find("setsid");
        var start = new ProcessStartInfo(session ?? program, session is null ? arguments : [program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ChildProcess(process);
    }

    /// <summary>Sends a signal to the process alone.</summary>
    public void Send(int signal)
    {
        if (!HasEnded) Signals.Send(Id, signal);
    }

    /// <summary>Sends a signal to the process and to all that it started.</summary>
    public void SendToAll(int signal)
    {
        var below = Signals.Descendants(Id);
        Send(signal);
        foreach (var id in below) Signals.Send(id, signal);
    }

    /// <summary>Waits for its end and for the last of its output.</summary>
    public async Task<ProgramEnd> EndAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _read.WaitAsync(cancellationToken);
        return new ProgramEnd(_process.ExitCode, Out, Error);
    }

    /// <summary>Waits until it has written a line that fits, to either output, now or before. False: it ended without one.</summary>
    public async Task<bool> WaitForLineAsync(Func<string, bool> fits, CancellationToken cancellationToken = default)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<string> listener = line =>
        {
            if (fits(line)) seen.TrySetResult();
        };
        _listeners.TryAdd(listener, true);
        foreach (var line in (Out + Error).Split('\n')) listener(line);
        try
        {
            await Task.WhenAny(seen.Task, _read).WaitAsync(cancellationToken);
            return seen.Task.IsCompletedSuccessfully;
        }
        finally
        {
            _listeners.TryRemove(listener, out _);
        }
    }

    /// <summary>Ends it and all that it started.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        SendToAll(Signals.Kill);
        _process.WaitForExit();
        s_living.TryRemove(this, out _);
        _process.Dispose();
    }

    private static void EndAll()
    {
        s_ended = true;
        foreach (var child in s_living.Keys) child.SendToAll(Signals.Kill);
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text) return text.ToString();
    }

    private async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to) to.Append(line).Append('\n');
            foreach (var listener in _listeners.Keys) listener(line);
        }
    }
}
