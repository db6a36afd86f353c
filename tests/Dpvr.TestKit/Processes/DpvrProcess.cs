namespace Dpvr.TestKit.Processes;

/// <summary>The real program as a process of its own.</summary>
public sealed class DpvrProcess : IDisposable
{
    private readonly ChildProcess _child;

    private DpvrProcess(ChildProcess child) => _child = child;

    /// <summary>Why there is none to start; null when there is.</summary>
    public static string? Missing => File.Exists(Repository.Dpvr) ? null : $"the program is not built: {Repository.Dpvr}";

    /// <summary>Its process id.</summary>
    public int Id => _child.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => _child.HasEnded;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Out => _child.Out;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error => _child.Error;

    /// <summary>Starts it with a command line.</summary>
    public static DpvrProcess Start(params string[] args) => Start(new Dictionary<string, string?>(), args);

    /// <summary>Starts it with a command line and further environment variables; null removes one.</summary>
    public static DpvrProcess Start(IReadOnlyDictionary<string, string?> environment, params string[] args) =>
        new(ChildProcess.Start(Repository.Dpvr, args, new Dictionary<string, string?>(environment) { ["OMP_NUM_THREADS"] = "1" }));

    /// <summary>Starts it by another program, which is given its path and its command line.</summary>
    /// <param name="launcher">The program and its arguments; empty: none.</param>
    /// <param name="environment">Further environment variables; null removes one.</param>
    /// <param name="args">The command line.</param>
    public static DpvrProcess StartBy(IReadOnlyList<string> launcher, IReadOnlyDictionary<string, string?> environment, params string[] args) => launcher.Count > 0
        ? new(ChildProcess.Start(launcher[0], [.. launcher.Skip(1), Repository.Dpvr, .. args], new Dictionary<string, string?>(environment) { ["OMP_NUM_THREADS"] = "1" }))
        : Start(environment, args);

    /// <summary>kill -9</summary>
    public void Kill() => _child.Send(Signals.Kill);

    /// <summary>SIGTERM: it drains.</summary>
    public void Terminate() => _child.Send(Signals.Terminate);

    /// <summary>SIGINT, as by Ctrl-C.</summary>
    public void Interrupt() => _child.Send(Signals.Interrupt);

    /// <summary>SIGSTOP: it stands still.</summary>
    public void Suspend() => _child.Send(Signals.Stop);

    /// <summary>SIGCONT: it goes on.</summary>
    public void Continue() => _child.Send(Signals.Continue);

    /// <summary>Waits until it has written a line that fits, to either output, now or before. False: it ended without one.</summary>
    public Task<bool> WaitForLineAsync(Func<string, bool> fits, CancellationToken cancellationToken = default) => _child.WaitForLineAsync(fits, cancellationToken);

    /// <summary>Waits for its end.</summary>
    public Task<ProgramEnd> EndAsync(CancellationToken cancellationToken = default) => _child.EndAsync(cancellationToken);

    /// <summary>Ends it.</summary>
    public void Dispose() => _child.Dispose();
}
