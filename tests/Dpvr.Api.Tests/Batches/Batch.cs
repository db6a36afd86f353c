using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Api.Files;

namespace Dpvr.Api.Tests.Batches;

/// <summary>Batches that nobody asked for by HTTP.</summary>
internal static class Batch
{
    public static BatchRecord New() => new()
    {
        Id = TimeIds.New(BatchStore.Prefix, DateTimeOffset.UtcNow), InputFileId = "file-0123456789ab0", Endpoint = "/v1/chat/completions", CompletionWindow = "24h", CreatedAt = 1, ExpiresAt = long.MaxValue,
    };
}
