using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Sources;

/// <summary>A set of pictures in a fixed order. Further kinds (WebDataset, CSV, Parquet, LLaVA question files) implement the same two calls.</summary>
public interface IDatasetReader
{
    /// <summary>Every picture, in an order that depends on nothing but the set itself; indices from 0. What cannot be read but has an id comes with its error.</summary>
    /// <exception cref="DatasetException">The set as a whole cannot be listed.</exception>
    IAsyncEnumerable<ShardItem> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>The bytes of one picture, or why there are none (<c>source_changed</c>, <c>source_missing</c>, <c>source_unreadable</c>, <c>empty</c>, or the item's own error).</summary>
    Task<SourceBytes> ReadAsync(ShardItem item, CancellationToken cancellationToken = default);
}
