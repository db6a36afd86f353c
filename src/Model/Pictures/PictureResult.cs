namespace Dpvr.Model.Pictures;

/// <summary>What became of one picture: a <see cref="DecodedPicture"/> or a <see cref="PictureFailure"/>. A bad picture is a value, never an exception.</summary>
public abstract record PictureResult
{
    private protected PictureResult()
    {
    }
}
