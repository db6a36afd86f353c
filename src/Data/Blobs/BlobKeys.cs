using System.Text;

namespace Dpvr.Data.Blobs;

/// <summary>What a blob's key may be.</summary>
internal static class BlobKeys
{
    private const int MaxSegmentBytes = 255;

    /// <summary>Throws unless the key names a blob below the store's root, whatever it holds.</summary>
    public static void Check(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        foreach (var segment in key.Split('/'))
            if (segment is "" or "." or ".." || segment.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
                throw new ArgumentException($"'{key.Replace("\0", "\\0", StringComparison.Ordinal)}' is no blob key: a segment is empty, '.', '..', holds NUL or has more than {MaxSegmentBytes} bytes.", nameof(key));
    }

    /// <summary>Throws unless the prefix is empty or ends with '/'.</summary>
    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length == 0) return;
        if (prefix[^1] != '/') throw new ArgumentException($"'{prefix}' is no prefix: it does not end with '/'.", nameof(prefix));
        Check(prefix[..^1]);
    }
}
