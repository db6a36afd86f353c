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
}
