namespace Dpvr.Data.Blobs;

/// <summary>A blob in the making. Disposed without a commit it leaves nothing behind.</summary>
public interface IStagedBlob : IAsyncDisposable
{
    /// <summary>Where its bytes go.</summary>
    Stream Stream { get; }

    /// <summary>Makes everything written so far durable, without showing it, so that the commit is short.</summary>
    Task SealAsync(CancellationToken cancellationToken = default);

    /// <summary>Shows it under its key, over whatever was there, in one step.</summary>
    Task CommitAsync(CancellationToken cancellationToken = default);
}
