using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dpvr.Hosting.Auth;

/// <summary>Takes API keys from <c>Authorization: Bearer</c>, as OpenAI's clients send them, or from <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyCheck keys) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "dpvr-key";
    public const string Header = "X-Api-Key";

    /// <summary>The key's text as it came; null when none came.</summary>
    public static string? Sent(Microsoft.AspNetCore.Http.HttpRequest request)
    {
        if (request.Headers[Header] is [{ Length: > 0 } own]) return own;
        const string bearer = "Bearer ";
        return request.Headers.Authorization is [{ } line] && line.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? line[bearer.Length..].Trim() : null;
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Sent(Request) is not { } text) return AuthenticateResult.NoResult();
        if (!ApiKey.TryParse(text, out _)) return AuthenticateResult.Fail("This is no API key.");
        return await keys.FindAsync(text, Context.RequestAborted) is { } record
            ? AuthenticateResult.Success(new AuthenticationTicket(KeyCheck.UserOf(record, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The API key is not valid.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = 401;
        Response.Headers.WWWAuthenticate = "Bearer realm=\"dpvr\"";
        return Task.CompletedTask;
    }
}
