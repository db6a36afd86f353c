using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Jobs;

/// <summary>Writes the plan's ranges, one after the other. Items of a range wait in memory; where they bring long prompts, they are written out on the way.</summary>
/// <param name="store">Where the plan goes.</param>
/// <param name="job">The job.</param>
/// <param name="most">Bytes that wait in memory at most, and those of one shard.</param>
internal sealed class RangeWriter(JobStore store, JobId job, int most = 16 << 20) : IAsyncDisposable
{
    private readonly MemoryStream _lines = new();
    private readonly List<long> _offsets = [];
    private readonly List<int> _items = [];
    private IStagedBlob? _staged;
    private long _written;
    private int _firstShard;

    private string Key => store.Layout.PlanLines(job, _firstShard / ShardId.ShardsPerRange);

    public async Task BeginShardAsync(CancellationToken cancellationToken)
    {
        if (_lines.Length >= most) await SpillAsync(cancellationToken);
        _offsets.Add(_written + _lines.Length);
        _items.Add(0);
    }

    public void Add(ShardItem item)
    {
        JsonSerializer.Serialize(_lines, item, DpvrJson.Line.ShardItem);
        _lines.WriteByte((byte)'\n');
        _items[^1]++;
    }

    /// <summary>Ends the range; the next one begins with the shard named.</summary>
    public async Task WriteAsync(int nextShard, CancellationToken cancellationToken)
    {
        _offsets.Add(_written + _lines.Length);
        if (_staged is null)
            await store.Blobs.PutAsync(Key, _lines.GetBuffer().AsMemory(0, (int)_lines.Length), BlobDurability.Lazy, cancellationToken);
        else
        {
            await SpillAsync(cancellationToken);
            await _staged.CommitAsync(cancellationToken);
            await DisposeAsync();
        }
        var index = new PlanIndex { FirstShard = _firstShard, Offsets = _offsets, Items = _items };
        await store.Blobs.PutAsync(store.Layout.PlanIndex(job, _firstShard / ShardId.ShardsPerRange), JobStore.Bytes(index, DpvrJson.Line.PlanIndex), BlobDurability.Lazy, cancellationToken);
        (_firstShard, _written) = (nextShard, 0);
        _lines.SetLength(0);
        _offsets.Clear();
        _items.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_staged is not null) await _staged.DisposeAsync();
        _staged = null;
    }

    private async Task SpillAsync(CancellationToken cancellationToken)
    {
        _staged ??= await store.Blobs.StageAsync(Key, cancellationToken);
        await _staged.Stream.WriteAsync(_lines.GetBuffer().AsMemory(0, (int)_lines.Length), cancellationToken);
        _written += _lines.Length;
        _lines.SetLength(0);
    }
}
