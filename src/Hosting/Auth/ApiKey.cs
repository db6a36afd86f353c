using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Dpvr.Hosting.Auth;

/// <summary>
/// An API key: <c>dpvr_{id}_{secret}</c>, 256 random bits behind a public id. Only the SHA-256 of the secret is kept, which is enough for a random secret of that length:
/// there is nothing to guess that a slow hash would have to protect.
/// </summary>
public sealed class ApiKey
{
    private const string Prefix = "dpvr_";
    private const int IdLength = 12;
    private readonly string _secret;

    private ApiKey(string id, string secret) => (Id, _secret) = (id, secret);

    /// <summary>The public part: names the key in lists and logs.</summary>
    public string Id { get; }

    /// <summary>SHA-256 of the secret, lower-case hex.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_secret)));

    /// <summary>A new key.</summary>
    public static ApiKey Create() => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2)),
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_'));

    /// <summary>Reads a key's text.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = null;
        if (text is null || text.Length is < 40 or > 128 || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_') return false;
        var id = text.Substring(Prefix.Length, IdLength);
        if (!id.All(static c => char.IsAsciiHexDigitLower(c))) return false;
        key = new ApiKey(id, text[(Prefix.Length + IdLength + 1)..]);
        return true;
    }

    /// <summary>True when the record is of this key; takes the same time whatever differs.</summary>
    public bool Is(ApiKeyRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hash), Encoding.UTF8.GetBytes(record.Sha256));
    }

    /// <summary>The whole key, shown once when it is made.</summary>
    public string Reveal() => $"{Prefix}{Id}_{_secret}";

    /// <summary>The id alone: a key that is logged by mistake is no secret.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";
}
