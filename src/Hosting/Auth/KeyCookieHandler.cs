using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dpvr.Hosting.Auth;

/// <summary>Browsers: the key from <see cref="KeyCookie"/>; who has none is sent to the sign-in page.</summary>
internal sealed class KeyCookieHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyCheck keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "dpvr-cookie";

    /// <summary>True when a call is a browser's.</summary>
    public static bool Takes(HttpRequest request) => ApiKeyHandler.Sent(request) is null && (KeyCookie.Sent(request) is not null ? KeyCookie.Covers(request) : !KeyCookie.IsApi(request));

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyCookie.Sent(Request) is not { } text) return AuthenticateResult.NoResult();
        return await keys.FindAsync(text, Context.RequestAborted) is { } record
            ? AuthenticateResult.Success(new AuthenticationTicket(KeyCheck.UserOf(record, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The API key is not valid.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!KeyCookie.IsApi(Request) && HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            Response.Redirect($"{KeyCookie.SignInPath}?return={Uri.EscapeDataString(KeyCookie.LocalPath(Request.Path + Request.QueryString))}");
        else
        {
            Response.StatusCode = 401;
            Response.Headers.WWWAuthenticate = "Bearer realm=\"dpvr\"";
        }
        return Task.CompletedTask;
    }
}
