using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Api.Tests.Auth;

/// <summary>An OpenID Connect issuer on the loopback address: its discovery document, its keys, and tokens signed with them (RS256).</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly RSA _key = RSA.Create(2048);
    private int _asked;

    private Issuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        _web = builder.Build();
        _web.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Address, jwks_uri = $"{Address}/keys", authorization_endpoint = $"{Address}/authorize", token_endpoint = $"{Address}/token",
            response_types_supported = new[] { "code" }, subject_types_supported = new[] { "public" }, id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        _web.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref _asked);
            var key = _key.ExportParameters(false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64(key.Modulus!), e = Base64(key.Exponent!) } } });
        });
    }

    /// <summary>Its address, which is its name too.</summary>
    public string Address => _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>How often its keys were asked for.</summary>
    public int Asked => _asked;

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        await issuer._web.StartAsync();
        return issuer;
    }

    /// <summary>A token, signed by this issuer's key whatever it says.</summary>
    public string Token(string scope, string audience = "dpvr", string? issuer = null, int seconds = 60, string algorithm = "RS256")
    {
        var signed = Part(new { alg = algorithm, typ = "JWT", kid = "1" }) + "." + Part(new { sub = "me", aud = audience, iss = issuer ?? Address, scope, exp = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds() });
        // HS256 with the public key as its secret: a confusion that a verifier must not fall for.
        var signature = algorithm == "HS256"
            ? HMACSHA256.HashData(_key.ExportRSAPublicKey(), Encoding.ASCII.GetBytes(signed))
            : _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return signed + "." + Base64(signature);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _key.Dispose();
    }

    private static string Part<T>(T value) => Base64(JsonSerializer.SerializeToUtf8Bytes(value));

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
