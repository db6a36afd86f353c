using Dpvr.Contracts.Results;

namespace Dpvr.Dashboard.Pictures;

/// <summary>Tells from a job's records whether there is a picture to show at all.</summary>
internal static class PictureErrors
{
    /// <summary>The error for which no record of a picture has an answer, when it is one of the picture's own; null where the picture can be shown.</summary>
    public static ItemError? Of(IReadOnlyList<ItemRecord> records) =>
        records.Count > 0 && records.All(static r => r.Error is not null) ? records.Select(static r => r.Error!).FirstOrDefault(static e => IsOfPicture(e.Code)) : null;

    // What the model, the store or a cancelled job did to a request says nothing about its picture.
    private static bool IsOfPicture(string code) => code is ErrorCodes.Empty or ErrorCodes.UnsupportedFormat or ErrorCodes.DecodeError or ErrorCodes.ImageDimensions or ErrorCodes.DecodeLimit
        or ErrorCodes.DecoderCrash or ErrorCodes.SourceMissing or ErrorCodes.SourceUnreadable or ErrorCodes.UnsafePath or ErrorCodes.UnsafeEntry or ErrorCodes.ArchiveTruncated
        or ErrorCodes.ArchiveLimit or ErrorCodes.MissingImage or ErrorCodes.BadRow or ErrorCodes.UrlScheme or ErrorCodes.UrlBlocked or ErrorCodes.Http404 or ErrorCodes.HttpTruncated
        or ErrorCodes.HttpError or ErrorCodes.HttpTooLarge or ErrorCodes.FetchTimeout;
}
