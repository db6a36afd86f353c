using Dpvr.Contracts.Results;

namespace Dpvr.Workers.Pictures;

/// <summary>Bytes of a file → pixels for the vision tower, as the model's own image processing says. Called from several threads.</summary>
public interface IPicturePreparer
{
    /// <summary>Decodes and resizes; a bad picture is an error, never an exception.</summary>
    (PreparedPicture? Picture, ItemError? Error) Prepare(ReadOnlyMemory<byte> bytes, string sha256);
}
