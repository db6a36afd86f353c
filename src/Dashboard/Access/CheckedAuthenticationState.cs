using System.Security.Claims;
using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Dpvr.Dashboard.Access;

/// <summary>A page lives as long as its tab: a key that is revoked or ends takes the page with it, within seconds.</summary>
internal sealed class CheckedAuthenticationState(ILoggerFactory loggers, IApiKeyStore keys, TimeProvider time) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private const string KeyPrefix = "key:";

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(15);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        IsGoodAsync(authenticationState.User, cancellationToken);

    public async Task<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.Identity is not { IsAuthenticated: true }) return false;
        var id = Caller.IdOf(user);
        if (!id.StartsWith(KeyPrefix, StringComparison.Ordinal)) return true;
        return await keys.FindAsync(id[KeyPrefix.Length..], cancellationToken) is { } record && record.IsValid(time.GetUtcNow());
    }
}
