using System.Runtime.InteropServices;

namespace Dpvr.Model.Engine;

/// <summary>
/// Runs a batch that should fit, and goes on when it does not all the same: the batch is halved until it fits, and stays that small.
/// A sequence for which there is no room even alone is given up; the others go on.
/// </summary>
internal sealed class MemoryGuard
{
    private int _most = int.MaxValue;

    /// <summary>How often there was no room.</summary>
    internal long Halvings { get; private set; }

    /// <param name="rows">The batch.</param>
    /// <param name="compute">Changes nothing of the sequences before it has all the memory it needs.</param>
    /// <param name="giveUp">Told a sequence that does not fit alone.</param>
    internal void Run(IReadOnlyList<Sequence> rows, Action<IReadOnlyList<Sequence>> compute, Action<Sequence> giveUp)
    {
        if (rows.Count == 0) return;
        foreach (var chunk in rows.Chunk(Math.Min(_most, rows.Count)))
        {
            try
            {
                compute(chunk);
                continue;
            }
            catch (Exception e) when (IsOutOfMemory(e))
            {
                Halvings++;
            }
            // Outside the handler: what the failed attempt held is free again.
            if (chunk.Length == 1)
            {
                giveUp(chunk[0]);
                continue;
            }
            _most = (chunk.Length + 1) / 2;
            Run(chunk, compute, giveUp);
        }
    }

    /// <summary>libtorch throws one type for everything; what it says differs by allocator.</summary>
    internal static bool IsOutOfMemory(Exception e) => e is OutOfMemoryException
        || (e is ExternalException && ((string[])["out of memory", "can't allocate memory", "not enough memory"]).Any(s => e.Message.Contains(s, StringComparison.OrdinalIgnoreCase)));
}
