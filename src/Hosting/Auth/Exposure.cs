using System.Net;

namespace Dpvr.Hosting.Auth;

/// <summary>Decides whether an address may be listened on without keys.</summary>
public static class Exposure
{
    /// <summary>True when callers need no key: nothing but this machine reaches the address, and nobody made keys or set up tokens.</summary>
    /// <param name="listen">Where callers come in.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="options">Tokens.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The key of tokens cannot be used.</exception>
    /// <exception cref="ExposedException">Others reach the address, and there is nothing that they would have to show.</exception>
    public static async Task<bool> IsOpenAsync(IPEndPoint listen, IApiKeyStore keys, AuthOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        if (options.JwtKeyFile is { } file) SymmetricKey.Read(file);
        if (options.HasJwt) return false;
        var (any, valid) = (false, false);
        await foreach (var key in keys.ListAsync(cancellationToken))
        {
            any = true;
            valid |= key.IsValid(now);
        }
        if (IPAddress.IsLoopback(listen.Address)) return !any;
        return valid ? false : throw new ExposedException(listen);
    }
}
