using System.Security.Claims;

namespace Dpvr.Hosting.Auth;

/// <summary>Says whose a key's text is.</summary>
public sealed class KeyCheck
{
    private readonly KeyCache _keys;
    private readonly TimeProvider _time;

    internal KeyCheck(KeyCache keys, TimeProvider time) => (_keys, _time) = (keys, time);

    /// <summary>The record of a key that opens something now; null for any other text.</summary>
    public async Task<ApiKeyRecord?> FindAsync(string? text, CancellationToken cancellationToken) =>
        ApiKey.TryParse(text, out var key) && await _keys.FindAsync(key.Id, cancellationToken) is { } record && key.Is(record) && record.IsValid(_time.GetUtcNow()) ? record : null;

    internal static ClaimsPrincipal UserOf(ApiKeyRecord record, string scheme) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"key:{record.Id}"), new Claim(ClaimTypes.Name, record.Name), new Claim(ApiScope.ClaimType, record.Scope)], scheme));
}
