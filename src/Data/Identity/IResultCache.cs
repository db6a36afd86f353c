using Dpvr.Contracts.Results;

namespace Dpvr.Data.Identity;

/// <summary>Answers that were already computed, by work identity. Errors are never kept: they are tried again.</summary>
public interface IResultCache
{
    /// <summary>The answer to equal work, with the id and prompt of whoever asked first; null when there is none.</summary>
    Task<ItemRecord?> FindAsync(string work, CancellationToken cancellationToken = default);

    /// <summary>Takes in the answers of a committed shard. Data: the shard's data file, as its key in the store.</summary>
    void Add(string dataKey, ReadOnlyMemory<byte> data);
}
