using System.Globalization;
using System.Runtime.InteropServices;

namespace Dpvr.TestKit.Processes;

/// <summary>POSIX signals, by their numbers on Linux.</summary>
public static partial class Signals
{
    /// <summary>SIGINT, SIGKILL, SIGTERM, SIGCONT, SIGSTOP.</summary>
    public const int Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    /// <summary>Sends one; a process that is gone is no error.</summary>
    public static void Send(int process, int signal) => _ = KillCore(process, signal);

    /// <summary>Every living process that descends from this one. A process that moved to a session of its own counts too (PostgreSQL's do).</summary>
    public static IReadOnlyList<int> Descendants(int process)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var parents = new List<(int Id, int Parent)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(folder) is { } parent)
                parents.Add((id, parent));
        var found = new List<int>();
        for (var (next, at) = (process, -1); at < found.Count; next = ++at < found.Count ? found[at] : 0)
            if (next != 0) found.AddRange(parents.Where(p => p.Parent == next).Select(p => p.Id));
        return found;
    }

    // /proc/N/stat: id (name) state parent …; the name may hold spaces and brackets.
    private static int? ParentOf(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillCore(int process, int signal);
}
