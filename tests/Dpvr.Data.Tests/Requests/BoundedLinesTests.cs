using System.Text;
using Dpvr.Data.Requests;

namespace Dpvr.Data.Tests.Requests;

public sealed class BoundedLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\nbb\n", "1=a 2=bb")]
    [InlineData("a\r\nbb", "1=a 2=bb")]
    [InlineData("\n\nc", "1= 2= 3=c")]
    [InlineData("12345678\n123456789\nx\n", "1=12345678 2=! 3=x")]
    [InlineData("x\n12345678901234567890123456789012345", "1=x 2=!")]
    [InlineData("12345678901234567890123456789012345\n\ny", "1=! 2= 3=y")]
    [InlineData("12345678", "1=12345678")]
    [InlineData("\uFEFFa\n\uFEFFb", "1=a 2=\uFEFFb")]
    public async Task ReadAsync_WithAtMostEightBytes_GivesEachLineOrSaysItIsTooLong(string text, string expected)
    {
        foreach (var piece in new[] { 1, 3, 1000 })
        {
            var lines = new List<string>();
            await foreach (var (number, line) in BoundedLines.ReadAsync(new SlowStream(Encoding.UTF8.GetBytes(text), piece), 8, CancellationToken.None))
                lines.Add($"{number}={(line is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "!")}");

            string.Join(' ', lines).Should().Be(expected, $"{piece} bytes a read");
        }
    }

    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(piece, buffer.Length)]));
    }
}
