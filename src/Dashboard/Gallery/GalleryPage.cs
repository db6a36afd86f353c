namespace Dpvr.Dashboard.Gallery;

/// <summary>Some pictures.</summary>
/// <param name="Shots">The pictures.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="Searched">Pictures that were looked through for it.</param>
public sealed record GalleryPage(IReadOnlyList<Shot> Shots, GalleryCursor? Next, long Searched);
