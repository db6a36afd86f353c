using static TorchSharp.torch;

namespace Dpvr.Model.Runtime;

/// <summary>Shares work among as many threads as libtorch uses. The calling thread is one of them, so a busy thread pool delays nothing.</summary>
internal static class CpuTeam
{
    internal static void For(int items, Action<int> item)
    {
        var threads = get_num_threads();
        if (threads == 1 || items == 1)
        {
            for (var i = 0; i < items; i++) item(i);
            return;
        }
        Parallel.For(0, items, new ParallelOptions { MaxDegreeOfParallelism = threads }, item);
    }

    /// <summary>Cuts <paramref name="count"/> rows into a few ranges for each thread.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="alone">True where the work is too small to share.</param>
    /// <param name="range">Told the first row of a range and the one behind its last.</param>
    internal static void Ranges(int count, bool alone, Action<int, int> range)
    {
        const int perThread = 4; // one that is held up leaves the rest to the others
        var parts = alone ? 1 : Math.Min(count, get_num_threads() * perThread);
        For(parts, part => range((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts)));
    }
}
