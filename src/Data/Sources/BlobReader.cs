using System.Runtime.CompilerServices;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;

namespace Dpvr.Data.Sources;

/// <summary>
/// The pictures of a blob store, in natural order of their keys; custom_id is the key below the location. Every picture is read only as the version that was planned (its
/// ETag). All keys are in memory while they are listed, since the order of the store is another. Names that begin with '.' are passed over, as in folders.
/// </summary>
public sealed class BlobReader : IDatasetReader
{
    private readonly IBlobStore _store;
    private readonly string _location;
    private readonly bool _recursive;
    private readonly GlobSet _globs;

    /// <summary>Takes the location; reads nothing yet.</summary>
    /// <exception cref="DatasetException">It is no location, holds a signature, or there are no credentials for it.</exception>
    public BlobReader(SourceSpec source) : this(source, Open(source))
    {
    }

    internal BlobReader(SourceSpec source, IBlobStore store)
    {
        _store = store;
        _location = BlobLocation.Parse(source.Root).ToString();
        _globs = new GlobSet(source.Globs);
        _recursive = source.Recursive || source.Globs.Any(static g => g.Contains('/', StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ShardItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long index = 0;
        foreach (var entry in await EntriesAsync(cancellationToken))
            yield return new ShardItem { Index = index++, CustomId = entry.Key, Locator = entry.Key, Size = entry.Size, Version = entry.ETag };
    }

    /// <inheritdoc/>
    /// <exception cref="BlobStoreException">The store as a whole refuses or does not answer: that is no fault of the picture.</exception>
    public async Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Error is { } known) return SourceBytes.Failed(known.Code, known.Message);
        if (item.Size > Array.MaxLength) return SourceBytes.Failed(ErrorCodes.DecodeLimit, $"{item.Size} bytes are more than a picture may have.");
        try
        {
            if (await _store.GetAsync(item.Locator, cancellationToken) is not { } blob) return SourceBytes.Failed(ErrorCodes.SourceMissing, "The picture was removed after the job was planned.");
            if (blob.ETag != item.Version) return SourceBytes.Failed(ErrorCodes.SourceChanged, "The picture was replaced after the job was planned; run the command again to take the new one.");
            return blob.Bytes.Length == 0 ? SourceBytes.Failed(ErrorCodes.Empty, "The picture has no bytes.") : SourceBytes.Of(blob.Bytes);
        }
        catch (BlobStoreException e) when (!ErrorCodes.IsResumable(e.Code))
        {
            return SourceBytes.Failed(ErrorCodes.SourceUnreadable, e.Message);
        }
        catch (ArgumentException)
        {
            return SourceBytes.Failed(ErrorCodes.UnsafePath, "The name is no key of a blob.");
        }
    }

    private static IBlobStore Open(SourceSpec source)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            var location = BlobLocation.Parse(source.Root);
            SpecSecrets.Refuse("source", source.Root);
            if (location.Folder is { } folder && !Directory.Exists(folder)) throw new DatasetException(ErrorCodes.SourceUnavailable, $"There is no folder {folder}.");
            return BlobStores.Open(source.Root, new AzureBlobOptions { CreateContainer = false });
        }
        catch (BlobLocationException e)
        {
            throw new DatasetException(ErrorCodes.SourceUnavailable, e.Message, e);
        }
    }

    private async Task<List<BlobEntry>> EntriesAsync(CancellationToken cancellationToken)
    {
        var entries = new List<BlobEntry>();
        try
        {
            await foreach (var entry in _store.ListEntriesAsync("", cancellationToken))
                if (Wanted(entry.Key))
                    entries.Add(entry);
        }
        catch (BlobStoreException e)
        {
            throw new DatasetException(ErrorCodes.SourceUnavailable, $"{_location} cannot be listed: {e.Message}", e);
        }
        entries.Sort(static (a, b) => NaturalOrder.Instance.Compare(a.Key, b.Key));
        return entries;
    }

    private bool Wanted(string key)
    {
        var segments = key.Split('/');
        if ((segments.Length > 1 && !_recursive) || segments[..^1].Any(static s => s.StartsWith('.'))) return false;
        return _globs.IsEmpty ? segments[^1][0] != '.' && PictureFiles.Is(segments[^1]) : _globs.Matches(key);
    }
}
