using System.Diagnostics;
using System.Globalization;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Faults;

/// <summary>
/// Faults at named points: <c>name=action;name=action@3;…</c> with the actions <c>kill</c>, <c>stop</c>, <c>delay:milliseconds</c>, <c>throw:code</c>.
/// With <c>@n</c> only the n-th time that the point is reached, else every time.
/// </summary>
internal sealed class FailpointSet
{
    private readonly Dictionary<string, Point> _points = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">Unknown name or action: a fault that would never happen is no test.</exception>
    public static FailpointSet Parse(string text)
    {
        var set = new FailpointSet();
        foreach (var one in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? one : one[..equals];
            if (!Failpoints.Names.Contains(name)) throw new FormatException($"DPVR_FAILPOINTS: '{name}' is no failpoint; known are {string.Join(", ", Failpoints.Names)}.");
            set._points[name] = Point.Parse(name, equals < 0 ? "" : one[(equals + 1)..]);
        }
        return set;
    }

    public async ValueTask HitAsync(string name, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!_points.TryGetValue(name, out var point) || !point.IsDue()) return;
        switch (point.Action)
        {
            case FailpointAction.Kill: Signal("KILL"); break;
            case FailpointAction.Stop: Signal("STOP"); break;
            case FailpointAction.Delay: await Task.Delay(TimeSpan.FromMilliseconds(int.Parse(point.Argument, CultureInfo.InvariantCulture)), time, cancellationToken); break;
            default: throw new BlobStoreException(point.Argument, $"The failpoint {name} says so.");
        }
    }

    private static void Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private sealed class Point
    {
        private int _hits;

        public required FailpointAction Action { get; init; }

        public string Argument { get; init; } = "";

        private int Only { get; init; }

        public bool IsDue() => Interlocked.Increment(ref _hits) == Only || Only == 0;

        public static Point Parse(string name, string text)
        {
            var only = 0;
            var action = text;
            var at = text.LastIndexOf('@');
            if (at >= 0)
            {
                action = text[..at];
                if (!int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out only) || only < 1) throw Bad(name, text);
            }
            var colon = action.IndexOf(':', StringComparison.Ordinal);
            var argument = colon < 0 ? "" : action[(colon + 1)..];
            return (colon < 0 ? action : action[..colon]) switch
            {
                "kill" when argument.Length == 0 => new Point { Action = FailpointAction.Kill, Only = only },
                "stop" when argument.Length == 0 => new Point { Action = FailpointAction.Stop, Only = only },
                "delay" when int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out _) => new Point { Action = FailpointAction.Delay, Argument = argument, Only = only },
                "throw" when argument.Length > 0 => new Point { Action = FailpointAction.Throw, Argument = argument, Only = only },
                _ => throw Bad(name, text),
            };
        }

        private static FormatException Bad(string name, string text) => new($"DPVR_FAILPOINTS: '{text}' is no action for '{name}'; allowed are kill, stop, delay:milliseconds, throw:code, each with @n or without.");
    }
}
