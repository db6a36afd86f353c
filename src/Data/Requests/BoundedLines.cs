using System.Runtime.CompilerServices;

namespace Dpvr.Data.Requests;

/// <summary>Lines of a stream as bytes, of which none takes more memory than is allowed: a longer one is read past.</summary>
internal static class BoundedLines
{
    /// <param name="stream">What is read.</param>
    /// <param name="most">Bytes of a line at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Each line (valid until the next one is asked for) with its number from 1; without bytes when it was too long. A byte order mark before the first is left out.</returns>
    public static async IAsyncEnumerable<(long Number, ReadOnlyMemory<byte>? Line)> ReadAsync(Stream stream, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(1 << 16, most + 1)];
        int start = 0, filled = 0;
        long number = 1;
        var passing = false;
        while (true)
        {
            var at = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                yield return (number, passing || at > most ? default(ReadOnlyMemory<byte>?) : Trim(buffer.AsMemory(start, at), number));
                (start, passing, number) = (start + at + 1, false, number + 1);
                continue;
            }
            if (filled - start > most || passing)
            {
                passing = true;
                (start, filled) = (0, 0);
            }
            else if (start > 0)
            {
                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                (start, filled) = (0, filled - start);
            }
            if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, most + 1L));
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                if (passing) yield return (number, null);
                else if (filled > 0) yield return (number, Trim(buffer.AsMemory(0, filled), number));
                yield break;
            }
            filled += read;
        }
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line, long number)
    {
        if (number == 1 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        return line.Length > 0 && line.Span[^1] == (byte)'\r' ? line[..^1] : line;
    }
}
