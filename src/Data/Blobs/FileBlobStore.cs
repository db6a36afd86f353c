using System.Runtime.CompilerServices;

namespace Dpvr.Data.Blobs;

/// <summary>
/// Blobs as the files of one folder, under their own names. A file is written under a temporary name, made durable, and then gets its name in one step:
/// link(2) where it must not exist, rename(2) where it may. Whoever is killed at any moment leaves a whole file or none. Several processes, of several machines too, may share the folder.
/// </summary>
public sealed class FileBlobStore : IBlobStore
{
    private const string DefaultTemp = ".dpvr/tmp";
    private const int FolderTries = 20;
    private readonly string _root;
    private readonly TempFiles _temp;
    private readonly KeyLocks _locks = new();

    /// <summary>Opens the store, makes its folder, and removes what killed processes left half-written.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="temp">Folder below it for files in the making; must be on the same file system.</param>
    /// <exception cref="BlobStoreException">The folder cannot be made.</exception>
    public FileBlobStore(string root, string temp = DefaultTemp) : this(root, temp, null)
    {
    }

    internal FileBlobStore(string root, string temp, string? host)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        BlobKeys.Check(temp);
        _temp = new TempFiles(PathOf(temp), host);
        Guard(_root, () =>
        {
            Directory.CreateDirectory(_root);
            _temp.RemoveStale();
            return true;
        });
    }

    /// <inheritdoc/>
    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default) =>
        RunAsync(key, async path =>
        {
            if (File.Exists(path)) return false;
            using var temp = await _temp.WriteAsync(content, durability, cancellationToken);
            return temp.CreateAs(path, durability);
        });

    /// <inheritdoc/>
    public Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, BlobDurability durability = BlobDurability.Durable, CancellationToken cancellationToken = default) =>
        RunAsync(key, async path =>
        {
            using var temp = await _temp.WriteAsync(content, durability, cancellationToken);
            temp.ReplaceAs(path, durability);
            return FileETag.Of(content.Span);
        });

    /// <inheritdoc/>
    public Task<string?> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken = default) =>
        RunAsync(key, async path =>
        {
            // Files know no compare-and-swap: a lock file beside the process's own lock makes look-and-rename one step between processes.
            using var _ = await _locks.EnterAsync(path, cancellationToken);
            using var between = await _temp.LockAsync(cancellationToken);
            if (!File.Exists(path) || FileETag.Of(await File.ReadAllBytesAsync(path, cancellationToken)) != etag) return null;
            using var temp = await _temp.WriteAsync(content, BlobDurability.Durable, cancellationToken);
            temp.ReplaceAs(path, BlobDurability.Durable);
            return (string?)FileETag.Of(content.Span);
        });

    /// <inheritdoc/>
    public Task<IStagedBlob> StageAsync(string key, CancellationToken cancellationToken = default) =>
        RunAsync(key, path => Task.FromResult<IStagedBlob>(new StagedFile(_temp.Create(), path)));

    /// <inheritdoc/>
    public Task<BlobContent?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        ReadAsync(key, async path =>
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            return new BlobContent(bytes, FileETag.Of(bytes));
        });

    /// <inheritdoc/>
    public Task<byte[]?> GetRangeAsync(string key, long offset, int length, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return ReadAsync(key, async path =>
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
            var bytes = new byte[Math.Min(length, Math.Max(0, RandomAccess.GetLength(handle) - offset))];
            var done = 0;
            while (done < bytes.Length)
            {
                var read = await RandomAccess.ReadAsync(handle, bytes.AsMemory(done), offset + done, cancellationToken);
                if (read == 0) return bytes[..done];
                done += read;
            }
            return bytes;
        });
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken = default) =>
        ReadAsync<Stream>(key, path => Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan)));

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken = default)
    {
        BlobKeys.Check(key);
        return Task.FromResult(File.Exists(PathOf(key)));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlobKeys.CheckPrefix(prefix);
        await Task.Yield();
        foreach (var path in FilesOf(FolderOf(prefix)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_temp.Holds(path)) yield return KeyOf(path);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobEntry> ListEntriesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var key in ListAsync(prefix, cancellationToken))
            if (await GetAsync(key, cancellationToken) is { } blob)
                yield return new BlobEntry(key, blob.Bytes.Length, blob.ETag);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellationToken = default)
    {
        BlobKeys.CheckPrefix(prefix);
        return Guard(prefix, () =>
        {
            try
            {
                return Task.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateDirectories(FolderOf(prefix)).Select(static path => Path.GetFileName(path))]);
            }
            catch (DirectoryNotFoundException)
            {
                return Task.FromResult<IReadOnlyList<string>>([]);
            }
        });
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        RunAsync(key, path =>
        {
            if (!File.Exists(path)) return Task.FromResult(false);
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (FileErrors.IsGone(e))
            {
                return Task.FromResult(false); // another deleted it, and its folder, at that moment
            }
            Posix.SyncFolder(Path.GetDirectoryName(path)!);
            RemoveEmptyFolders(Path.GetDirectoryName(path)!);
            return Task.FromResult(true);
        });

    /// <inheritdoc/>
    public Task DeletePrefixAsync(string prefix, CancellationToken cancellationToken = default)
    {
        BlobKeys.CheckPrefix(prefix);
        if (prefix.Length == 0) throw new ArgumentException("The whole store is not deleted by an empty prefix.", nameof(prefix));
        return Guard(prefix, () =>
        {
            var folder = FolderOf(prefix);
            for (var again = 0; !TryDeleteFolder(folder, last: again == FolderTries); again++)
            {
            }
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.Run(() => Posix.SyncFileSystem(_root), cancellationToken);

    private string PathOf(string key) => Path.Combine(_root, key.Replace('/', Path.DirectorySeparatorChar));

    // Paths are made by appending to the root: what is behind it is the key. Asking the framework for the relative path costs more than the listing.
    private string KeyOf(string path) => path[(_root.Length + (Path.EndsInDirectorySeparator(_root) ? 0 : 1))..].Replace(Path.DirectorySeparatorChar, '/');

    private string FolderOf(string prefix) => prefix.Length == 0 ? _root : PathOf(prefix[..^1]);

    // A folder that is gone holds nothing, whether it was never there or another removed it just now; those below it that go while they are listed are passed over by .NET.
    private static IEnumerable<string> FilesOf(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // Others may remove the same folder, or put a file into it that the deletion has passed by.
    private static bool TryDeleteFolder(string folder, bool last)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException) when (!last)
        {
            return false;
        }
    }

    private void RemoveEmptyFolders(string folder)
    {
        try
        {
            for (; folder.Length > _root.Length; folder = Path.GetDirectoryName(folder)!) Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Not empty: the end of what there is to remove.
        }
    }

    private async Task<T> RunAsync<T>(string key, Func<string, Task<T>> action)
    {
        BlobKeys.Check(key);
        try
        {
            return await action(PathOf(key));
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.Map(e, key);
        }
    }

    private async Task<T?> ReadAsync<T>(string key, Func<string, Task<T>> action) where T : class
    {
        BlobKeys.Check(key);
        try
        {
            return await action(PathOf(key));
        }
        catch (Exception e) when (FileErrors.IsGone(e))
        {
            return null;
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.Map(e, key);
        }
    }

    private static T Guard<T>(string key, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (FileErrors.Is(e))
        {
            throw FileErrors.Map(e, key);
        }
    }
}
