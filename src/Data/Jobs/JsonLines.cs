namespace Dpvr.Data.Jobs;

/// <summary>JSON Lines as bytes: each line ends with '\n'.</summary>
internal static class JsonLines
{
    /// <summary>The lines, without their ends. A last line without '\n' is one too; see <see cref="EndsHalfway"/>.</summary>
    public static IEnumerable<Range> Split(byte[] bytes)
    {
        var start = 0;
        while (start < bytes.Length)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            var end = length < 0 ? bytes.Length : start + length;
            yield return start..end;
            start = end + 1;
        }
    }

    /// <summary>True when the last line was not ended: somebody stopped in the middle.</summary>
    public static bool EndsHalfway(ReadOnlySpan<byte> bytes) => bytes.Length > 0 && bytes[^1] != (byte)'\n';
}
