using System.Runtime.CompilerServices;

namespace Dpvr.Data.Blobs;

/// <summary>
/// Blobs as the files of one folder, under their own names. A file is written under a temporary name, made durable, and then gets its name in one step:
/// link(2) where it must not exist, rename(2) where it may. Whoever is killed at any moment leaves a whole file or none. Several processes, of several machines too, may share the folder.
/// </summary>
public sealed class FileBlobStore : IBlobStore
{
    private const string DefaultTemp = ".dpvr/tmp";
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
        var folder = FolderOf(prefix);
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
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
        var folder = FolderOf(prefix);
        return Task.FromResult<IReadOnlyList<string>>(Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Select(static path => Path.GetFileName(path))] : []);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        RunAsync(key, path =>
        {
            if (!File.Exists(path)) return Task.FromResult(false);
            File.Delete(path);
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
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        });
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.Run(() => Posix.SyncFileSystem(_root), cancellationToken);

    private string PathOf(string key) => Path.Combine(_root, key.Replace('/', Path.DirectorySeparatorChar));

    // Paths are made by appending to the root: what is behind it is the key. Asking the framework for the relative path costs more than the listing.
    private string KeyOf(string path) => path[(_root.Length + (Path.EndsInDirectorySeparator(_root) ? 0 : 1))..].Replace(Path.DirectorySeparatorChar, '/');

    private string FolderOf(string prefix) => prefix.Length == 0 ? _root : PathOf(prefix[..^1]);

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
