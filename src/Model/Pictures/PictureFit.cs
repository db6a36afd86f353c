namespace Dpvr.Model.Pictures;

/// <summary>How a picture that is not square becomes one.</summary>
public enum PictureFit
{
    /// <summary>The shorter edge is scaled to the model's size, what sticks out of the square is cut off (Hugging Face's CLIP processor).</summary>
    CenterCrop,

    /// <summary>The picture is centred on a square of the mean colour first, nothing is cut off (LLaVA-1.5's <c>image_aspect_ratio: pad</c>).</summary>
    PadToSquare,
}
