using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Pictures;

/// <summary>
/// Turns decoded pictures into a vision tower's input, as Hugging Face's CLIP processor does: bicubic resize, centre crop
/// (or a square of the mean colour first), rescale, normalise. Holds no state of a call: one instance serves all threads.
/// </summary>
public sealed class ImageProcessor
{
    private readonly PreprocessorConfig config;
    private readonly float[][] normalised; // (3, 256): what each pixel value becomes

    /// <summary>A processor for a model trained here.</summary>
    /// <param name="size">Width and height of the result, in pixels.</param>
    /// <param name="mean">Per channel, in units of 0–1. Default: <see cref="ClipMean"/>.</param>
    /// <param name="std">Per channel. Default: <see cref="ClipStd"/>.</param>
    public ImageProcessor(int size, IReadOnlyList<double>? mean = null, IReadOnlyList<double>? std = null)
        : this(new PreprocessorConfig { ShortestEdge = size, CropSize = size, Mean = [.. mean ?? ClipMean], Std = [.. std ?? ClipStd] })
    {
    }

    private ImageProcessor(PreprocessorConfig config)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(config.CropSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(config.Mean.Length, 3);
        ArgumentOutOfRangeException.ThrowIfNotEqual(config.Std.Length, 3);
        this.config = config;
        Background = (Level(config.Mean[0]), Level(config.Mean[1]), Level(config.Mean[2]));
        normalised = [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, 256)
            .Select(value => (float)((value * config.RescaleFactor - config.Mean[channel]) / config.Std[channel])).ToArray())];

        static byte Level(double mean) => (byte)Math.Clamp((int)(255 * mean), 0, 255);
    }

    /// <summary>Channel means that CLIP was trained with.</summary>
    public static IReadOnlyList<double> ClipMean { get; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Channel standard deviations that CLIP was trained with.</summary>
    public static IReadOnlyList<double> ClipStd { get; } = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Width and height of the result, in pixels.</summary>
    public int Size => config.CropSize;

    /// <summary>Number of values of one picture: 3 · Size · Size.</summary>
    public int PictureLength => 3 * Size * Size;

    /// <summary>The colour that <see cref="PictureFit.PadToSquare"/> fills with: <c>trunc(255 · mean)</c>.</summary>
    public (byte R, byte G, byte B) Background { get; }

    /// <summary>Reads <c>preprocessor_config.json</c> of a model folder.</summary>
    /// <exception cref="CheckpointException">The file is missing or asks for something that is not supported; the message names the field.</exception>
    public static ImageProcessor Load(string modelFolder) => new(PreprocessorConfig.Read(modelFolder));

    /// <summary>Writes <c>preprocessor_config.json</c> into a model folder, so that <see cref="Load"/> and Hugging Face's processor do as this one.</summary>
    public void Save(string modelFolder) => config.Write(modelFolder);

    /// <summary>Resizes a picture to the model's square.</summary>
    /// <returns>8-bit values, (3, Size, Size)</returns>
    public byte[] Resize(DecodedPicture picture, PictureFit fit)
    {
        var planes = new byte[PictureLength];
        Resize(picture, fit, planes);
        return planes;
    }

    /// <summary>Resizes a picture to the model's square.</summary>
    /// <param name="planes">Receives 8-bit values, (3, Size, Size).</param>
    public void Resize(DecodedPicture picture, PictureFit fit, Span<byte> planes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var edge = config.ShortestEdge ?? Size;
        var geometry = fit switch
        {
            PictureFit.PadToSquare => ResizeGeometry.PadToSquare(picture.Width, picture.Height, edge, Size),
            PictureFit.CenterCrop when config.ShortestEdge is null => ResizeGeometry.Plain(picture.Width, picture.Height, Size, Size),
            PictureFit.CenterCrop => ResizeGeometry.CenterCrop(picture.Width, picture.Height, edge, Size),
            _ => throw new ArgumentOutOfRangeException(nameof(fit), fit, "Not a fit."),
        };
        BicubicResize.Run(picture.Pixels, picture.Width, picture.Height, geometry, Background, planes, planar: true);
    }

    /// <summary>Rescales and normalises.</summary>
    /// <param name="planes">8-bit values, (3, Size, Size), of <see cref="Resize(DecodedPicture, PictureFit)"/>.</param>
    /// <returns>(3, Size, Size), the model's <c>pixel_values</c></returns>
    public float[] Normalise(ReadOnlySpan<byte> planes)
    {
        var values = new float[PictureLength];
        Normalise(planes, values);
        return values;
    }

    /// <summary>Rescales and normalises.</summary>
    /// <param name="planes">8-bit values, (3, Size, Size).</param>
    /// <param name="values">Receives (3, Size, Size).</param>
    public void Normalise(ReadOnlySpan<byte> planes, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(planes.Length, PictureLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, PictureLength);
        var plane = Size * Size;
        for (var channel = 0; channel < 3; channel++)
        {
            var table = normalised[channel];
            var from = planes.Slice(channel * plane, plane);
            var to = values.Slice(channel * plane, plane);
            for (var i = 0; i < from.Length; i++) to[i] = table[from[i]];
        }
    }

    /// <summary>Rescales and normalises a batch.</summary>
    /// <param name="pictures">B pictures of 8-bit values, each (3, Size, Size).</param>
    /// <param name="values">Receives (B, 3, Size, Size).</param>
    public void Normalise(IReadOnlyList<byte[]> pictures, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        for (var i = 0; i < pictures.Count; i++) Normalise(pictures[i], values.Slice(i * PictureLength, PictureLength));
    }
}
