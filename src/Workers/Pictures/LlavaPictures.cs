using Dpvr.Contracts.Results;
using Dpvr.Model.Pictures;

namespace Dpvr.Workers.Pictures;

/// <summary>A checkpoint's image processing (<c>preprocessor_config.json</c>).</summary>
internal sealed class LlavaPictures(ImageProcessor processor, PictureFit fit) : IPicturePreparer
{
    public (PreparedPicture? Picture, ItemError? Error) Prepare(ReadOnlyMemory<byte> bytes, string sha256) =>
        PictureDecoder.Decode(bytes) switch
        {
            DecodedPicture decoded => (new PreparedPicture
            {
                Sha256 = sha256,
                Pixels = processor.Normalise(processor.Resize(decoded, fit)),
                Side = processor.Size,
                Width = decoded.Width,
                Height = decoded.Height,
            }, null),
            PictureFailure failure => (null, new ItemError(failure.Code, failure.Message)),
            var other => throw new InvalidOperationException($"A picture became a {other.GetType().Name}."),
        };
}
