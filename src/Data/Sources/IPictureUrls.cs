namespace Dpvr.Data.Sources;

/// <summary>Fetches pictures by their URLs.</summary>
public interface IPictureUrls
{
    /// <summary>The bytes at an http or https address, or why there are none; never throws but when it is cancelled.</summary>
    Task<SourceBytes> ReadAsync(string url, CancellationToken cancellationToken = default);
}
