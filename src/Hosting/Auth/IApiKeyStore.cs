namespace Dpvr.Hosting.Auth;

/// <summary>Where keys' records are kept.</summary>
public interface IApiKeyStore
{
    /// <summary>A record; null when there is none.</summary>
    Task<ApiKeyRecord?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>All of them, revoked ones too.</summary>
    IAsyncEnumerable<ApiKeyRecord> ListAsync(CancellationToken cancellationToken = default);
}
