using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Pictures;

namespace Dpvr.Dashboard.Gallery;

/// <summary>Pictures with their answers, read a shard at a time: never a whole job.</summary>
public interface IGallery
{
    /// <summary>The next pictures.</summary>
    Task<GalleryPage> ReadAsync(GalleryQuery query, GalleryCursor? from, CancellationToken cancellationToken);

    /// <summary>One picture; null when there is none at this place.</summary>
    Task<PictureDetail?> ReadAsync(PicturePlace place, CancellationToken cancellationToken);

    /// <summary>The next pictures that two jobs have in common, by their ids.</summary>
    Task<PairPage> CompareAsync(JobId left, JobId right, bool onlyDifferent, GalleryCursor? from, CancellationToken cancellationToken);
}
