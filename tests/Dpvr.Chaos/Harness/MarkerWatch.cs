using System.Security.Cryptography;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;

namespace Dpvr.Chaos.Harness;

/// <summary>
/// A reader beside the run (I4): every marker that it sees promises whole data, now and not later, and no marker that was seen is ever another one afterwards.
/// </summary>
internal sealed class MarkerWatch(ChaosJob job)
{
    private readonly Dictionary<ShardId, DoneMarker> _seen = [];

    /// <exception cref="InvariantException">I4: half a shard was to be seen, or a committed one changed.</exception>
    public async Task LookAsync()
    {
        var store = job.Cluster.Store;
        await foreach (var marker in store.ListDoneAsync(job.Id, 0))
        {
            if (_seen.TryGetValue(marker.Shard, out var before))
            {
                if (before.Token != marker.Token) throw new InvariantException("I4", $"shard {marker.Shard} was committed by attempt {before.Attempt} and is now attempt {marker.Attempt}'s");
                continue;
            }
            if (marker.SplitInto == 0)
            {
                var data = await store.Blobs.GetAsync(store.DataKey(job.Id, marker));
                if (data is null || data.Bytes.Length != marker.Bytes || Convert.ToHexStringLower(SHA256.HashData(data.Bytes)) != marker.Sha256)
                    throw new InvariantException("I4", $"shard {marker.Shard} is committed, its data is not what the marker says");
            }
            _seen.Add(marker.Shard, marker);
        }
    }
}
