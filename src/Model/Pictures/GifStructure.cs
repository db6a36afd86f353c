namespace Dpvr.Model.Pictures;

/// <summary>Counts a GIF's frames without decoding them (GIF89a specification, sections 18 to 27).</summary>
internal static class GifStructure
{
    /// <summary>Frames in the file, counted no further than <paramref name="limit"/> + 1; those of a damaged file as far as it can be followed.</summary>
    internal static int CountFrames(ReadOnlySpan<byte> gif, int limit)
    {
        var frames = 0;
        if (gif.Length < 13) return 0;
        var at = 13 + ColourTable(gif[10]);
        while (at < gif.Length && frames <= limit)
        {
            switch (gif[at])
            {
                case 0x21: // extension: label, blocks
                    at = SkipBlocks(gif, at + 2);
                    break;
                case 0x2C when at + 10 < gif.Length: // image: descriptor, colour table, code size, blocks
                    frames++;
                    at = SkipBlocks(gif, at + 11 + ColourTable(gif[at + 9]));
                    break;
                default:
                    return frames;
            }
        }
        return frames;
    }

    private static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int SkipBlocks(ReadOnlySpan<byte> gif, int at)
    {
        while (at < gif.Length && gif[at] != 0) at += 1 + gif[at];
        return at + 1;
    }
}
