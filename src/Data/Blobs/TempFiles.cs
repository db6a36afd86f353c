using System.Diagnostics;
using System.Globalization;

namespace Dpvr.Data.Blobs;

/// <summary>The folder of files in the making. A name begins with its process's id, so that what a dead process left can be told from what a living one writes.</summary>
internal sealed class TempFiles(string folder)
{
    private const string LockName = "lock";
    private static readonly TimeSpan s_lockRetry = TimeSpan.FromMilliseconds(2);
    private readonly SemaphoreSlim _gate = new(1, 1);

    public bool Holds(string path) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    public TempFile Create()
    {
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():n}"));
        try
        {
            return new TempFile(path);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(folder);
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
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(path);
            var dash = name.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !Lives(id)) File.Delete(path);
        }
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
