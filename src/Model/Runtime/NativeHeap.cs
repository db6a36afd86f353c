using System.Runtime.InteropServices;

namespace Dpvr.Model.Runtime;

/// <summary>How glibc's heap treats the large blocks that tensors are.</summary>
internal static class NativeHeap
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4;

    /// <summary>
    /// Keeps freed memory for the next tensor. By default every block over 128 KiB is mapped and unmapped anew, and the page
    /// faults cost about 15 % of a training step.
    /// </summary>
    internal static void KeepForReuse()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            mallopt(MmapMax, 0);
            mallopt(TrimThreshold, int.MaxValue);
            mallopt(TopPad, 256 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // another C library (musl) has its own policy
        }
    }

    [DllImport("libc")]
    private static extern int mallopt(int parameter, int value);
}
