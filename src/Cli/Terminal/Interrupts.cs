using System.Runtime.InteropServices;

namespace Dpvr.Cli.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the command to drain (finish or give back what it holds), the second ends the
/// process at once, which is safe at any moment, because only an atomic create commits a shard.
/// </summary>
public sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<int> _exit;
    private int _count;

    private Interrupts(Action<int> exit) => _exit = exit;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Drain => _drain.Token;

    public static Interrupts Listen() => Listen(Environment.Exit);

    internal static Interrupts Listen(Action<int> exit)
    {
        var interrupts = new Interrupts(exit);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, interrupts.OnSignal));
        return interrupts;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Signal();
    }

    internal void Signal()
    {
        // Cancelling runs callbacks: never on the runtime's signal thread, where a slow one would hold up the second Ctrl-C.
        if (Interlocked.Increment(ref _count) == 1) ThreadPool.UnsafeQueueUserWorkItem(static self => self.BeginDrain(), this, preferLocal: false);
        else _exit((int)ExitCode.Interrupted);
    }

    internal void BeginDrain()
    {
        try
        {
            _drain.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended at that moment: nothing is left to drain.
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _drain.Dispose();
    }
}
