using Dpvr.TestKit.Processes;

namespace Dpvr.Chaos.Harness;

/// <summary>A silo or worker: a process, and after a restart the next one.</summary>
internal sealed class ChaosMember(string name, bool isSilo, IReadOnlyList<string> launcher, IReadOnlyDictionary<string, string?> environment, string[] arguments) : IDisposable
{
    private const int TailLines = 120;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private readonly List<DpvrProcess> _processes = [];
    private int _ready;

    public string Name => name;

    public bool IsSilo => isSilo;

    public bool IsRunning => _processes is [.., { HasEnded: false }];

    /// <summary>Where others reach a silo; says which member a grain lives on.</summary>
    public int SiloPort { get; init; }

    /// <summary>Where it serves its health.</summary>
    public int HealthPort { get; init; }

    /// <summary>True while it is stopped, by whomever.</summary>
    public bool IsStopped => IsRunning && StateOf(Process.Id) == 'T';

    public string Log => string.Concat(_processes.Select(static p => p.Out + p.Error));

    /// <summary>The end of what it logged.</summary>
    public string Tail => string.Join('\n', Log.Split('\n').TakeLast(TailLines));

    private DpvrProcess Process => _processes[^1];

    /// <summary>True once its process is ready, until it ends.</summary>
    public bool IsReady => IsRunning && _ready == _processes.Count;

    public void Start() => _processes.Add(DpvrProcess.StartBy(launcher, environment, arguments));

    public async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        var start = _processes.Count;
        if (!await Process.WaitForLineAsync(static line => line is "silo ready" or "worker ready", patience.Token)) throw new InvalidOperationException($"{this} ended instead of starting: {Process.Out}{Process.Error}");
        _ready = start;
    }

    /// <summary>kill -9, and it is gone.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.EndAsync();
    }

    public void Suspend() => Process.Suspend();

    public void Continue() => Process.Continue();

    /// <summary>SIGTERM, without waiting.</summary>
    public void Terminate() => Process.Terminate();

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramEnd> EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        return await Process.EndAsync(patience.Token);
    }

    public void Dispose() => _processes.ForEach(static p => p.Dispose());

    // /proc/N/stat: id (name) state …
    private static char StateOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    public override string ToString() => $"{name} ({(isSilo ? "silo" : "worker")}, {_processes.Count} start{(_processes.Count == 1 ? "" : "s")}, {(IsRunning ? "running" : "ended")})";
}
