namespace Dpvr.Data.Blobs;

/// <summary>One file in the making; disposed without a name it is removed.</summary>
internal sealed class TempFile(string path) : IDisposable
{
    // Another process may remove an empty folder just when this one is about to put a file there.
    private const int FolderTries = 20;
    private bool _sealed;
    private bool _gone;

    public FileStream Stream { get; } = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);

    public void Seal(BlobDurability durability)
    {
        if (_sealed) return;
        Stream.Flush(flushToDisk: durability == BlobDurability.Durable);
        Stream.Dispose();
        _sealed = true;
    }

    /// <summary>Gives it a name that must be free. False: it was taken.</summary>
    public bool CreateAs(string target, BlobDurability durability)
    {
        Seal(durability);
        MakeFolder(target, durability);
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(path, target, overwrite: false);
                _gone = true;
            }
            catch (IOException) when (File.Exists(target))
            {
                return false;
            }
            return true;
        }
        var errno = Posix.Link(path, target);
        for (var again = 0; errno == Posix.Enoent && again < FolderTries; again++)
        {
            MakeFolder(target, durability);
            errno = Posix.Link(path, target);
        }
        if (errno is Posix.Eperm or Posix.Eopnotsupp && OperatingSystem.IsLinux())
        {
            errno = Posix.RenameNoReplace(path, target);
            _gone = errno == 0;
        }
        if (errno == Posix.Eexist) return false;
        if (errno != 0) throw FileErrors.FromErrno(errno, target);
        if (durability == BlobDurability.Durable) Posix.SyncFolder(Path.GetDirectoryName(target)!);
        return true;
    }

    /// <summary>Gives it a name, over whatever had it.</summary>
    public void ReplaceAs(string target, BlobDurability durability)
    {
        Seal(durability);
        MakeFolder(target, durability);
        for (var again = 0; !TryMove(target, last: again == FolderTries); again++) MakeFolder(target, durability);
        _gone = true;
        if (durability == BlobDurability.Durable) Posix.SyncFolder(Path.GetDirectoryName(target)!);
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_gone) return;
        _gone = true;
        File.Delete(path);
    }

    private bool TryMove(string target, bool last)
    {
        try
        {
            File.Move(path, target, overwrite: true);
            return true;
        }
        catch (Exception e) when (!last && FileErrors.IsGone(e) && File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Makes the folder that a file is to be in, while others may remove it as empty.</summary>
    public static void MakeFolder(string target, BlobDurability durability)
    {
        var folder = Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder)) return;
        for (var again = 0; !TryCreate(folder, last: again == FolderTries); again++)
        {
        }
        // A new folder is itself an entry that a power cut can lose.
        if (durability == BlobDurability.Durable)
            for (var up = Path.GetDirectoryName(folder); up is not null && up.Length > 1; up = Path.GetDirectoryName(up))
                Posix.SyncFolder(up);
    }

    private static bool TryCreate(string folder, bool last)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        // Removed between .NET's looks: above it, or itself, when what it is told is that it exists, and then it does not.
        catch (IOException e) when (!last && (FileErrors.IsGone(e) || e.HResult == Posix.Eexist))
        {
            return false;
        }
    }
}
