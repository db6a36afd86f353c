namespace Dpvr.Hosting.Auth;

/// <summary>Who may call besides holders of API keys.</summary>
public sealed class AuthOptions
{
    /// <summary>An OpenID Connect issuer whose tokens are taken; null: none. Default: null.</summary>
    public Uri? JwtAuthority { get; set; }

    /// <summary>A file with a symmetric key of 32 bytes or more that tokens are signed with (HS256), as text or Base64; null: none. Default: null.</summary>
    public string? JwtKeyFile { get; set; }

    /// <summary>The audience that a token must name. Default: dpvr.</summary>
    public string JwtAudience { get; set; } = "dpvr";

    /// <summary>The issuer that a token signed with the symmetric key must name; null: any. Default: null.</summary>
    public string? JwtIssuer { get; set; }

    /// <summary>Whether tokens are taken at all.</summary>
    public bool HasJwt => JwtAuthority is not null || JwtKeyFile is not null;
}
