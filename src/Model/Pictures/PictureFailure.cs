namespace Dpvr.Model.Pictures;

/// <summary>Why a picture could not be read.</summary>
/// <param name="Code">One of <see cref="PictureCodes"/>.</param>
/// <param name="Message">One sentence for the user. The same bytes always give the same sentence.</param>
public sealed record PictureFailure(string Code, string Message) : PictureResult;
