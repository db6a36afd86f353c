
namespace Dpvr.Data.Blobs;

/// <summary>Keeps a second process from an output folder. The system lets go of it when its holder dies, however it dies.</summary>
public sealed class OutputLock : IDisposable
{
    // EWOULDBLOCK on Linux, on macOS, and ERROR_SHARING_VIOLATION.
    internal static int WouldBlock { get; } = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;
    private readonly FileStream _file;

    private OutputLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when another process holds it.</summary>
    /// <exception cref="BlobStoreException">The folder cannot be written.</exception>
    public static OutputLock? TryAcquire(string outputFolder)
    {
        var path = Path.Combine(Path.GetFullPath(outputFolder), ".dpvr", "lock");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new OutputLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.Map(e, path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
