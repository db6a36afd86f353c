namespace Dpvr.Dashboard.Pictures;

/// <summary>Pictures made anew from their pixels: a JPEG without anything of the file that it came from.</summary>
public interface IPictureSource
{
    /// <summary>A picture whose longer side is at most <paramref name="side"/> pixels; null when there is none that can be shown.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(PicturePlace place, int side, CancellationToken cancellationToken);
}
