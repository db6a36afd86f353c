using System.Globalization;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;

namespace Dpvr.Dashboard.Tests.Scale;

/// <summary>As many pictures as asked for: the same few files again and again, each time under another id.</summary>
internal sealed class RepeatedReader(IReadOnlyList<ShardItem> files, long count) : IDatasetReader
{
    public IAsyncEnumerable<ShardItem> ListAsync(CancellationToken cancellationToken = default) => Items().ToAsyncEnumerable();

    public Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default) => throw new NotSupportedException("A plan is made of it, nothing else.");

    private IEnumerable<ShardItem> Items()
    {
        for (long i = 0; i < count; i++) yield return files[(int)(i % files.Count)] with { Index = i, CustomId = string.Create(CultureInfo.InvariantCulture, $"web/{i / 10_000:D5}/{i:D9}.jpg") };
    }
}
