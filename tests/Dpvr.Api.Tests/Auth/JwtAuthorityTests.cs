using System.Net;
using System.Net.Http.Headers;

namespace Dpvr.Api.Tests.Auth;

/// <summary><c>--jwt-authority</c> against an issuer that is asked over HTTP.</summary>
[Collection(OneServer.Name)]
public sealed class JwtAuthorityTests
{
    private const string Job = """{"source":{"root":"scenes","globs":["nothing.png"]}}""";

    [Fact]
    public async Task Calls_WithTokensOfAnIssuer_MayDoWhatTheirScopeSays()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var other = await Issuer.StartAsync();
        await using var host = await ApiHost.StartAsync(auth: o => o.JwtAuthority = new Uri(issuer.Address), listen: IPAddress.Any);
        var server = new Uri($"http://127.0.0.1:{new Uri(host.Address).Port}");
        async Task<HttpStatusCode> StatusAsync(string token, string? body = null)
        {
            using var http = new HttpClient { BaseAddress = server, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            return (await http.SendAsync(body is null ? HttpMethod.Get : HttpMethod.Post, "/api/jobs", body)).Status;
        }

        (await StatusAsync(issuer.Token("read"))).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(issuer.Token("read"), Job)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(issuer.Token("openid dpvr:submit"), Job)).Should().Be(HttpStatusCode.Created);
        (await StatusAsync(issuer.Token("openid"))).Should().Be(HttpStatusCode.Forbidden, "a token without a scope of ours may do nothing");
        (await StatusAsync(issuer.Token("admin", audience: "other"))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(issuer.Token("admin", issuer: other.Address))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(issuer.Token("admin", seconds: -60))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(issuer.Token("admin", algorithm: "HS256"))).Should().Be(HttpStatusCode.Unauthorized, "its public key is no secret");
        (await StatusAsync(other.Token("admin", issuer: issuer.Address))).Should().Be(HttpStatusCode.Unauthorized, "signed with another's key");
        issuer.Asked.Should().BeInRange(1, 2, "keys are kept, and asked for again only where a token names one that is not known");
        other.Asked.Should().Be(0);
    }

    [Fact]
    public async Task Calls_WhileTheIssuerIsAway_AreRefusedAndNotLetIn()
    {
        var issuer = await Issuer.StartAsync();
        var (address, token) = (issuer.Address, issuer.Token("admin"));
        await issuer.DisposeAsync();
        await using var host = await ApiHost.StartAsync(auth: o => o.JwtAuthority = new Uri(address));
        using var http = new HttpClient { BaseAddress = new Uri(host.Address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

        var answer = await http.GetJsonAsync("/api/jobs");

        answer.Status.Should().BeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.ServiceUnavailable);
    }
}
