using Dpvr.Contracts.Results;
using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Tests.Engine;

/// <summary>A file whose text begins with "bad" cannot be decoded, every other one can.</summary>
internal sealed class TestPictures : IPicturePreparer
{
    /// <summary>Called before each picture is decoded.</summary>
    public Action? OnPrepare { get; init; }

    public (PreparedPicture? Picture, ItemError? Error) Prepare(ReadOnlyMemory<byte> bytes, string sha256)
    {
        OnPrepare?.Invoke();
        return bytes.Span.StartsWith("bad"u8)
            ? (null, new ItemError(ErrorCodes.DecodeError, "bad on purpose"))
            : (new PreparedPicture { Sha256 = sha256, Pixels = [1, 2, 3], Side = 1, Width = 7, Height = 5 }, null);
    }
}
