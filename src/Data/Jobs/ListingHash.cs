using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Jobs;

/// <summary>SHA-256 over a listing: says whether a source has changed since it was planned.</summary>
public sealed class ListingHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Takes in one item.</summary>
    public void Add(ShardItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{item.CustomId}\0{item.Locator}\0{item.Size}\0{item.Version}\0{item.Error?.Code}\n")));
        // A row that asks something else is another row.
        if (item.Request is { } request) _hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(request, DpvrJson.Line.ItemRequest));
    }

    /// <summary>The hash of everything taken in, lower-case hex.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>The hash of a whole source.</summary>
    public static async Task<string> OfAsync(IDatasetReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var hash = new ListingHash();
        await foreach (var item in reader.ListAsync(cancellationToken)) hash.Add(item);
        return hash.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
