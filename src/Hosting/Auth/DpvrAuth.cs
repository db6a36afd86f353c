using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Dpvr.Hosting.Auth;

/// <summary>Puts authentication into a web host: nothing is reached without a key or a token, unless it is open to this machine alone.</summary>
public static class DpvrAuth
{
    private const string Choice = "dpvr";

    /// <summary>Adds schemes and policies. Each scope is a policy of its name; what names none needs <see cref="ApiScope.Read"/>.</summary>
    /// <param name="services">The web host's services.</param>
    /// <param name="keys">Where keys are.</param>
    /// <param name="options">Tokens.</param>
    /// <param name="open">True: everyone may do everything (<see cref="Exposure"/> says when).</param>
    public static IServiceCollection AddDpvrAuth(this IServiceCollection services, IApiKeyStore keys, AuthOptions options, bool open)
    {
        services.AddSingleton(provider => new KeyCache(keys, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton(static provider => new KeyCheck(provider.GetRequiredService<KeyCache>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        var authentication = services.AddAuthentication(Choice)
            .AddPolicyScheme(Choice, null, scheme => scheme.ForwardDefaultSelector = context =>
                open ? OpenHandler.Scheme_ : KeyCookieHandler.Takes(context.Request) ? KeyCookieHandler.Scheme_ : options.HasJwt && !IsKey(ApiKeyHandler.Sent(context.Request)) ? JwtBearerDefaults.AuthenticationScheme : ApiKeyHandler.Scheme_)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme_, null)
            .AddScheme<AuthenticationSchemeOptions, KeyCookieHandler>(KeyCookieHandler.Scheme_, null)
            .AddScheme<AuthenticationSchemeOptions, OpenHandler>(OpenHandler.Scheme_, null);
        // Read now: a key that cannot be used is known at the start, not at the first call.
        var secret = options.JwtKeyFile is { } file ? new SymmetricSecurityKey(SymmetricKey.Read(file)) : null;
        if (options.HasJwt) authentication.AddJwtBearer(jwt => Configure(jwt, options, secret));
        services.AddAuthorization(policies =>
        {
            foreach (var scope in ApiScope.All)
                policies.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.FindAll(ApiScope.ClaimType).Any(c => ApiScope.Covers(c.Value, scope))));
            policies.FallbackPolicy = policies.DefaultPolicy = policies.GetPolicy(ApiScope.Read)!;
        });
        return services;
    }

    private static bool IsKey(string? text) => text is null || text.StartsWith("dpvr_", StringComparison.Ordinal);

    private static void Configure(JwtBearerOptions jwt, AuthOptions options, SymmetricSecurityKey? secret)
    {
        jwt.MapInboundClaims = false;
        jwt.Authority = options.JwtAuthority?.ToString();
        jwt.Audience = options.JwtAudience;
        jwt.RequireHttpsMetadata = options.JwtAuthority is { IsLoopback: false };
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuerSigningKey = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateAudience = true,
            ValidAudience = options.JwtAudience,
            ValidateIssuer = options.JwtAuthority is not null || options.JwtIssuer is not null,
            ValidIssuer = options.JwtIssuer,
            ClockSkew = TimeSpan.FromSeconds(30),
            NameClaimType = "sub",
        };
        if (secret is not null)
        {
            jwt.TokenValidationParameters.IssuerSigningKey = secret;
            jwt.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512];
        }
        jwt.Events = new JwtBearerEvents
        {
            OnTokenValidated = static context =>
            {
                var user = context.Principal!;
                var scopes = user.FindAll("scope").Concat(user.FindAll("scp")).SelectMany(static c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(static s => s.StartsWith("dpvr:", StringComparison.Ordinal) ? s["dpvr:".Length..] : s).Where(ApiScope.All.Contains);
                var identity = new ClaimsIdentity([.. scopes.Select(static s => new Claim(ApiScope.ClaimType, s)), new Claim(ClaimTypes.NameIdentifier, $"jwt:{user.FindFirstValue("sub") ?? "?"}")]);
                user.AddIdentity(identity);
                return Task.CompletedTask;
            },
        };
    }
}
