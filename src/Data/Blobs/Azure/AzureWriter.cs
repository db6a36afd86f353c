using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>
/// Writes whole blobs, under conditions. Every call marks its blob with a random id: when a condition fails, the blob that stands is looked at, and if it carries this call's
/// id then an earlier try was applied and only its answer got lost.
/// </summary>
internal sealed class AzureWriter(AzureContainer container)
{
    /// <summary>Metadata that holds the id of the call which wrote the blob.</summary>
    public const string CallName = "dpvrcall";

    private const int MaxRounds = 5;

    /// <summary>The new ETag; null when the condition does not hold.</summary>
    public async Task<string?> WriteAsync(string key, ReadOnlyMemory<byte> content, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        var call = Guid.NewGuid().ToString("n");
        for (var round = 1; ; round++)
        {
            var blocks = content.Length > container.PieceBytes ? await StageAsync(key, content, cancellationToken) : null;
            var (written, lost) = await container.OnBlobAsync(
                key,
                writes: true,
                (blob, _, token) => TryAsync(blob, call, conditions, () => blocks is null ? PutAsync(blob, content, call, conditions, token) : CommitAsync(blob, blocks, call, conditions, token), token),
                cancellationToken);
            if (!lost) return written;
            // Another writer's commit to the same blob discarded our uncommitted blocks.
            if (round == MaxRounds) throw new BlobStoreException(ErrorCodes.StoreUnavailable, $"{key}: other writers came between {MaxRounds} times.");
        }
    }

    public static async Task<string> CommitAsync(BlockBlobClient blob, IReadOnlyList<string> blocks, string call, BlobRequestConditions? conditions, CancellationToken cancellationToken) =>
        AzureNames.Of((await blob.CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = conditions, Metadata = Mark(call) }, cancellationToken)).Value.ETag);

    /// <summary>Sends one block, to be committed later.</summary>
    public static Task<bool> StageAsync(AzureContainer container, string key, string block, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        container.OnBlobAsync(
            key,
            writes: true,
            async (blob, _, token) =>
            {
                using var stream = BinaryData.FromBytes(bytes).ToStream();
                await blob.StageBlockAsync(block, stream, null, token);
                return true;
            },
            cancellationToken);

    /// <summary>Ids of the blocks of one upload: equally long, and nobody else's.</summary>
    public static string BlockId(Guid upload, int number) => Convert.ToBase64String([.. upload.ToByteArray(), .. BitConverter.GetBytes(number)]);

    /// <summary>The ETag of the blob if the call of this id wrote it.</summary>
    public static async Task<string?> IfOursAsync(BlockBlobClient blob, string call, CancellationToken cancellationToken)
    {
        try
        {
            var standing = (await blob.GetPropertiesAsync(null, cancellationToken)).Value;
            return standing.Metadata.TryGetValue(CallName, out var by) && by == call ? AzureNames.Of(standing.ETag) : null;
        }
        catch (RequestFailedException e) when (AzureErrors.IsGone(e))
        {
            return null;
        }
    }

    private static async Task<(string? ETag, bool BlocksLost)> TryAsync(BlockBlobClient blob, string call, BlobRequestConditions? conditions, Func<Task<string>> write, CancellationToken cancellationToken)
    {
        try
        {
            return (await write(), false);
        }
        catch (RequestFailedException e) when (conditions is not null && (AzureErrors.IsConflict(e) || (conditions.IfMatch is not null && AzureErrors.IsGone(e))))
        {
            return (await IfOursAsync(blob, call, cancellationToken), false);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "InvalidBlockList")
        {
            var ours = await IfOursAsync(blob, call, cancellationToken);
            return (ours, ours is null);
        }
    }

    private static async Task<string> PutAsync(BlockBlobClient blob, ReadOnlyMemory<byte> content, string call, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        using var stream = BinaryData.FromBytes(content).ToStream();
        return AzureNames.Of((await blob.UploadAsync(stream, new BlobUploadOptions { Conditions = conditions, Metadata = Mark(call) }, cancellationToken)).Value.ETag);
    }

    private static Dictionary<string, string> Mark(string call) => new() { [CallName] = call };

    private async Task<List<string>> StageAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var upload = Guid.NewGuid();
        var blocks = new List<string>();
        for (var at = 0; at < content.Length; at += container.PieceBytes)
        {
            blocks.Add(BlockId(upload, blocks.Count));
            await StageAsync(container, key, blocks[^1], content.Slice(at, Math.Min(container.PieceBytes, content.Length - at)), cancellationToken);
        }
        return blocks;
    }
}
