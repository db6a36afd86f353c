using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dpvr.Data.Blobs;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Posix
{
    public const int Enoent = 2, Eexist = 17, Enospc = 28, Erofs = 30, Eacces = 13, Eperm = 1, Edquot = 122, Eopnotsupp = 95;
    private const int DirectoryReadOnly = 0x10000; // O_DIRECTORY | O_RDONLY
    private const int CloseOnExec = 0x80000;
    private const int AtCurrent = -100;

    /// <summary>Gives a file a second name, which fails with EEXIST if that name is taken: atomic on POSIX file systems, NFS too. 0, or errno.</summary>
    public static int Link(string from, string to) => LinkCore(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Renames, but fails with EEXIST if the name is taken: for file systems without hard links (FAT, exFAT). 0, or errno.</summary>
    public static int RenameNoReplace(string from, string to) => RenameAt2(AtCurrent, from, AtCurrent, to, 1) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes a folder's entries survive a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        using var handle = OpenFolder(folder);
        if (!handle.IsInvalid) _ = FSync(handle);
    }

    /// <summary>Makes everything written to the file system that holds the folder survive a power cut.</summary>
    public static void SyncFileSystem(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var handle = OpenFolder(folder);
        if (!handle.IsInvalid) _ = SyncFs(handle);
    }

    private static SafeFileHandle OpenFolder(string folder) => new(Open(folder, DirectoryReadOnly | CloseOnExec), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkCore(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle handle);
}
