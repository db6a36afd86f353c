using System.Diagnostics;
using System.Globalization;

namespace Dpvr.Data.Blobs;

/// <summary>
/// The folder of files in the making. A name begins with its process's id and the id of the machine (or container) where that process is known by it, so that what a dead process
/// left can be told from what a living one writes, also in a folder that several machines share.
/// </summary>
internal sealed class TempFiles(string folder, string? host = null)
{
    private const string LockName = "lock";
    private static readonly TimeSpan s_lockRetry = TimeSpan.FromMilliseconds(2);
    // Of a process that cannot be looked at: nobody takes so long over one blob.
    private static readonly TimeSpan s_forsaken = TimeSpan.FromDays(7);
    private readonly string _host = host ?? ProcessSpace.Id;
    private readonly SemaphoreSlim _gate = new(1, 1);

    public bool Holds(string path) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    public TempFile Create()
    {
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{_host}-{Guid.NewGuid():n}"));
        try
        {
            return new TempFile(path);
        }
        catch (Exception e) when (FileErrors.IsGone(e))
        {
            TempFile.MakeFolder(path, BlobDurability.Lazy);
            return new TempFile(path);
        }
    }

    public async Task<TempFile> WriteAsync(ReadOnlyMemory<byte> content, BlobDurability durability, CancellationToken cancellationToken)
    {
        var temp = Create();
        try
        {
            await temp.Stream.WriteAsync(content, cancellationToken);
            temp.Seal(durability);
            return temp;
        }
        catch
        {
            temp.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the one lock between processes; it ends with its holder's death.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    return new Lock(_gate, new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                }
                catch (IOException e) when (e.HResult == OutputLock.WouldBlock)
                {
                    await Task.Delay(s_lockRetry, TimeProvider.System, cancellationToken);
                }
            }
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    public void RemoveStale()
    {
        if (!Directory.Exists(folder)) return;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            if (file.Name != LockName && IsStale(file))
                file.Delete();
    }

    private bool IsStale(FileInfo file)
    {
        var parts = file.Name.Split('-', 3);
        return parts.Length == 3 && parts[1] == _host && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? !Lives(id)
            : TimeProvider.System.GetUtcNow() - file.LastWriteTimeUtc > s_forsaken;
    }

    private static bool Lives(int id)
    {
        if (id == Environment.ProcessId) return true;
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private sealed class Lock(SemaphoreSlim gate, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate.Release();
        }
    }
}
