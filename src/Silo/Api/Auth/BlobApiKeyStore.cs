using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dpvr.Data.Blobs;
using Dpvr.Hosting.Auth;

namespace Dpvr.Silo.Api.Auth;

/// <summary>Keys' records in the blob store: <c>keys/{id}.json</c>.</summary>
public sealed class BlobApiKeyStore(IBlobStore blobs) : IApiKeyStore
{
    private const string Prefix = "keys/";

    /// <inheritdoc/>
    public async Task<ApiKeyRecord?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        await blobs.GetAsync(KeyOf(id), cancellationToken) is { } blob ? JsonSerializer.Deserialize(blob.Bytes, ApiKeyJson.Default.ApiKeyRecord) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ApiKeyRecord> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var key in blobs.ListAsync(Prefix, cancellationToken))
            if (await blobs.GetAsync(key, cancellationToken) is { } blob && JsonSerializer.Deserialize(blob.Bytes, ApiKeyJson.Default.ApiKeyRecord) is { } record)
                yield return record;
    }

    /// <summary>Keeps a new key's record.</summary>
    public async Task AddAsync(ApiKeyRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!await blobs.TryCreateAsync(KeyOf(record.Id), Bytes(record), BlobDurability.Durable, cancellationToken))
            throw new InvalidOperationException($"There is a key {record.Id} already.");
    }

    /// <summary>Makes a key open nothing any more; false when there is none.</summary>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(id, cancellationToken) is not { } record) return false;
        if (record.Revoked is null) await blobs.PutAsync(KeyOf(id), Bytes(record with { Revoked = now }), BlobDurability.Durable, cancellationToken);
        return true;
    }

    private static string KeyOf(string id) => $"{Prefix}{id}.json";

    private static byte[] Bytes(ApiKeyRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, ApiKeyJson.Default.ApiKeyRecord);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ApiKeyRecord))]
internal sealed partial class ApiKeyJson : JsonSerializerContext;
