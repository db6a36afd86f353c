using System.Security.Cryptography;

namespace Dpvr.Data.Blobs;

/// <summary>A file's ETag is made of its content: times are too coarse to tell two writes apart.</summary>
internal static class FileETag
{
    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
