using Dpvr.Contracts.Results;

namespace Dpvr.Data.Blobs;

/// <summary>A blob store could not do what it was asked.</summary>
public sealed class BlobStoreException : IOException
{
    /// <summary>Makes one.</summary>
    public BlobStoreException(string code, string message, Exception? inner = null) : base(message, inner) => Code = code;

    /// <summary>One of <see cref="ErrorCodes"/>: <c>output_full</c>, <c>output_readonly</c>, <c>auth_expired</c> are resumable.</summary>
    public string Code { get; }

    /// <summary>The failure as a value.</summary>
    public ItemError ToError() => new(Code, Message);
}
