using System.Globalization;
using System.Runtime.CompilerServices;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;

namespace Dpvr.Scale;

/// <summary>A source of as many pictures as asked for, none of which exists.</summary>
internal sealed class CountedReader(long count) : IDatasetReader
{
    public async IAsyncEnumerable<ShardItem> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        for (long i = 0; i < count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"pictures/{i / 10_000:D6}/{i:D10}.jpg");
            yield return new ShardItem { Index = i, CustomId = name, Locator = name, Size = 100_000, Version = "1" };
        }
    }

    public Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default) => throw new NotSupportedException("There are no pictures.");
}
