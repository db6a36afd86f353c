using System.Runtime.CompilerServices;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Sources;

/// <summary>The pictures of a folder, in natural order, folders among files; custom_id is the path relative to the root with '/'. Links are followed only within the root; hidden files and folders are passed over unless a glob names files.</summary>
public sealed class FolderReader : IDatasetReader
{
    private readonly string _root;
    private readonly string _realRoot;
    private readonly bool _recursive;
    private readonly GlobSet _globs;

    /// <summary>Takes the folder; reads nothing yet.</summary>
    /// <exception cref="DatasetException">There is no such folder.</exception>
    public FolderReader(SourceSpec source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source.Root));
        if (!Directory.Exists(_root)) throw new DatasetException(ErrorCodes.SourceUnavailable, $"There is no folder {_root}.");
        _realRoot = RealPath.Of(_root);
        _globs = new GlobSet(source.Globs);
        // A glob with folders in it asks for those folders, whether or not --recursive was said.
        _recursive = source.Recursive || source.Globs.Any(static g => g.Contains('/', StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ShardItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        long index = 0;
        string? before = null;
        var twice = 1;
        foreach (var (path, relative) in Walk(_root, ""))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Names that are no valid Unicode can look the same: each keeps an id of its own.
            twice = relative == before ? twice + 1 : 1;
            before = relative;
            yield return twice == 1
                ? Item(path, relative, index++)
                : new ShardItem { Index = index++, CustomId = $"{relative}#{twice}", Locator = relative, Error = new ItemError(ErrorCodes.SourceUnreadable, "The file's name is not valid Unicode.") };
        }
    }

    /// <inheritdoc/>
    public Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var path = Path.GetFullPath(Path.Combine(_root, item.Locator.Replace('/', Path.DirectorySeparatorChar)));
        if (!path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return Task.FromResult(Escapes());
        if (item.Error is null && RealPath.HasLink(_root, path) && !Inside(RealPath.Of(path))) return Task.FromResult(Escapes());
        return FileVersion.ReadAsync(path, item, cancellationToken);

        static SourceBytes Escapes() => SourceBytes.Failed(ErrorCodes.UnsafePath, "The path leaves the source's folder.");
    }

    private ShardItem Item(string path, string relative, long index)
    {
        var item = new ShardItem { Index = index, CustomId = relative, Locator = relative };
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null || RealPath.HasLink(_root, path))
            {
                var real = RealPath.Of(path);
                if (!Inside(real)) return item with { Error = new ItemError(ErrorCodes.UnsafePath, "The link leaves the source's folder.") };
                file = new FileInfo(real);
            }
            return file.Exists
                ? item with { Size = file.Length, Version = FileVersion.Of(file) }
                : item with { Error = new ItemError(ErrorCodes.SourceMissing, "The file is gone or the link leads nowhere.") };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return item with { Error = new ItemError(ErrorCodes.SourceUnreadable, e.Message) };
        }
    }

    private bool Inside(string real) => real.StartsWith(_realRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private IEnumerable<(string Path, string Relative)> Walk(string folder, string prefix)
    {
        List<FileSystemInfo> entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(ErrorCodes.SourceUnavailable, $"{folder} cannot be listed: {e.Message}", e);
        }
        entries.Sort(static (a, b) => NaturalOrder.Instance.Compare(a.Name, b.Name));
        foreach (var entry in entries)
        {
            var relative = prefix + entry.Name;
            if (IsFolder(entry))
            {
                // Linked folders are not walked: they may lead outside, or round and round.
                if (_recursive && entry.LinkTarget is null && entry.Name[0] != '.')
                    foreach (var below in Walk(entry.FullName, relative + "/"))
                        yield return below;
            }
            else if (_globs.IsEmpty ? entry.Name[0] != '.' && PictureFiles.Is(entry.Name) : _globs.Matches(relative))
                yield return (entry.FullName, relative);
        }
    }

    private static bool IsFolder(FileSystemInfo entry) => (entry.Attributes & FileAttributes.Directory) != 0;
}
