using Dpvr.Dashboard.Pictures;
using Dpvr.Data.Sources;
using Dpvr.Data.Jobs;
using Dpvr.Model.Pictures;
using Microsoft.Extensions.Caching.Memory;

namespace Dpvr.Cli.Web;

/// <summary>Reads pictures from their source, decodes them as a worker does, and makes small ones of their pixels. Two at a time, and kept for a while.</summary>
internal sealed class PictureShelf(PlanReader plans, JobStore store, PictureAccess access) : IPictureSource, IDisposable
{
    private const long MostBytes = 64 << 20;
    private readonly MemoryCache _made = new(new MemoryCacheOptions { SizeLimit = MostBytes });
    private readonly SemaphoreSlim _work = new(2);

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(PicturePlace place, int side, CancellationToken cancellationToken)
    {
        if (_made.TryGetValue((place, side), out byte[]? kept)) return kept;
        if (await plans.SpecAsync(place.Job, cancellationToken) is not { } spec || await plans.ItemsAsync(place.Job, place.Shard, cancellationToken) is not { } items || place.Item >= items.Count) return null;
        if (items[place.Item].Error is not null) return null;
        await _work.WaitAsync(cancellationToken);
        try
        {
            if (_made.TryGetValue((place, side), out kept)) return kept;
            var source = DatasetReaders.Open(spec.Source, new SourceAccess { Store = store.Blobs, Urls = access.Urls });
            if (await source.ReadAsync(items[place.Item], cancellationToken) is not { Error: null } read) return null;
            if (await Task.Run(() => Make(read.Bytes, side), cancellationToken) is not { } jpeg) return null;
            return _made.Set((place, side), jpeg, new MemoryCacheEntryOptions { Size = jpeg.Length });
        }
        catch (DatasetException)
        {
            return null; // the source is gone: there is nothing to show
        }
        finally
        {
            _work.Release();
        }
    }

    /// <summary>A picture of a file's pixels; null when it has none that can be read.</summary>
    public static byte[]? Make(ReadOnlyMemory<byte> bytes, int side) => PictureDecoder.DecodeSmall(bytes, side) is DecodedPicture picture ? PictureCopy.Jpeg(picture, side) : null;

    public void Dispose()
    {
        _made.Dispose();
        _work.Dispose();
    }
}
