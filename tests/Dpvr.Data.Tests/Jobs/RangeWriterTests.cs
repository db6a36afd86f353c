using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Jobs;

public sealed class RangeWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly JobId _job = new("job");

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public async Task WriteAsync_WhateverWaitsInMemory_GivesTheSameRanges(int most)
    {
        var store = new JobStore(new FileBlobStore(_folder.Path), JobLayout.Shared);
        await using (var writer = new RangeWriter(store, _job, most))
        {
            for (var shard = 0; shard < 6; shard++)
            {
                if (shard == 4) await writer.WriteAsync(ShardId.ShardsPerRange, CancellationToken.None);
                await writer.BeginShardAsync(CancellationToken.None);
                for (var i = 0; i <= shard; i++) writer.Add(Item(shard, i));
            }
            await writer.WriteAsync(0, CancellationToken.None);
        }

        for (var shard = 0; shard < 6; shard++)
        {
            var (range, number) = shard < 4 ? (0, shard) : (1, ShardId.ShardsPerRange + shard - 4);
            var index = (await store.ReadIndexAsync(_job, range))!;
            var items = await store.ReadItemsAsync(index.SliceOf(store.Layout.PlanLines(_job, range), new ShardId(number)));
            items.Should().Equal(Enumerable.Range(0, shard + 1).Select(i => Item(shard, i)));
        }
    }

    private static ShardItem Item(int shard, int i) => new() { Index = i, CustomId = $"{shard}-{i}", Locator = "store:a", Request = new ItemRequest { Prompt = new string('p', 200) } };

    public void Dispose() => _folder.Dispose();
}
