using System.Runtime.CompilerServices;

namespace Dpvr.Data.Verification;

/// <summary>Lines of a stream as bytes. A line is valid until the next one is asked for.</summary>
internal static class LineReader
{
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Line, bool Ended)> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        int start = 0, filled = 0;
        while (true)
        {
            var at = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                yield return (buffer.AsMemory(start, at), true);
                start += at + 1;
                continue;
            }
            if (start > 0)
            {
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                filled -= start;
                start = 0;
            }
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                if (filled > 0) yield return (buffer.AsMemory(0, filled), false);
                yield break;
            }
            filled += read;
        }
    }
}
