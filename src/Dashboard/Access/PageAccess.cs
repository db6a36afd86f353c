using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Components.Authorization;

namespace Dpvr.Dashboard.Access;

/// <summary>What the viewer of a page may do. Asked before every action, not only when its button is drawn.</summary>
internal sealed class PageAccess(AuthenticationStateProvider state)
{
    /// <summary>True when the viewer's key has the scope and is still good.</summary>
    public async Task<bool> MayAsync(string scope, CancellationToken cancellationToken = default)
    {
        var user = (await state.GetAuthenticationStateAsync()).User;
        if (!user.Claims.Any(claim => claim.Type == ApiScope.ClaimType && ApiScope.Covers(claim.Value, scope))) return false;
        return state is not CheckedAuthenticationState strict || await strict.IsGoodAsync(user, cancellationToken);
    }

    /// <summary>Refuses a viewer who may not.</summary>
    /// <exception cref="UnauthorizedAccessException">The key lacks the scope, or is no longer good.</exception>
    public async Task RequireAsync(string scope, CancellationToken cancellationToken = default)
    {
        if (!await MayAsync(scope, cancellationToken)) throw new UnauthorizedAccessException($"This needs a key with the scope '{scope}'.");
    }

    /// <summary>Names the viewer in what is begun.</summary>
    public async Task<string> CallerAsync() => Caller.IdOf((await state.GetAuthenticationStateAsync()).User);
}
