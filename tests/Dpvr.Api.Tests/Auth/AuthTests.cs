using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Dpvr.Hosting.Auth;

namespace Dpvr.Api.Tests.Auth;

[Collection(OneServer.Name)]
public sealed class AuthTests
{
    private const string Job = """{"source":{"root":"scenes","globs":["nothing.png"]}}""";

    [Fact]
    public async Task Start_WhereOthersReachItWithoutAKey_IsRefusedAndSaysWhatToDo()
    {
        var start = () => ApiHost.StartAsync(listen: IPAddress.Any);

        (await start.Should().ThrowAsync<ExposedException>()).Which.Message.Should().Contain("dpvr keys create").And.Contain("--jwt-authority");
    }

    [Fact]
    public async Task Calls_WithKeys_MayDoWhatTheirScopeSays()
    {
        string read = "", submit = "", admin = "", ended = "", revoked = "";
        await using var host = await ApiHost.StartAsync(listen: IPAddress.Any, before: async keys =>
        {
            (read, submit, admin) = (await ApiHost.MakeKeyAsync(keys, "read"), await ApiHost.MakeKeyAsync(keys, "submit"), await ApiHost.MakeKeyAsync(keys, "admin"));
            (ended, revoked) = (await ApiHost.MakeKeyAsync(keys, "admin", DateTimeOffset.UtcNow.AddSeconds(-1)), await ApiHost.MakeKeyAsync(keys, "admin"));
            await keys.RevokeAsync(revoked.Split('_')[1], DateTimeOffset.UtcNow);
        });
        async Task<HttpStatusCode> StatusAsync(string? key, string path = "/api/jobs", string? body = null, HttpMethod? method = null)
        {
            using var http = host.Client(key);
            http.BaseAddress = new Uri($"http://127.0.0.1:{new Uri(host.Address).Port}");
            return (await http.SendAsync(method ?? (body is null ? HttpMethod.Get : HttpMethod.Post), path, body)).Status;
        }

        (await StatusAsync(null)).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(null, "/openapi.json")).Should().Be(HttpStatusCode.Unauthorized, "what names no scope is no exception");
        foreach (var wrong in new[] { "nonsense", submit[..^1] + (submit[^1] == 'A' ? 'B' : 'A'), ended, revoked }) (await StatusAsync(wrong)).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(read)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(read, body: Job)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(submit, body: Job)).Should().Be(HttpStatusCode.Created);
        (await StatusAsync(submit, "/api/jobs/0000-1/share", "{}", HttpMethod.Put)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(admin, "/api/jobs/0000-1/share", "{}", HttpMethod.Put)).Should().Be(HttpStatusCode.NotFound);

        using var bearer = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(host.Address).Port}"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", read) } };
        (await bearer.GetJsonAsync("/api/jobs")).Status.Should().Be(HttpStatusCode.OK, "OpenAI's clients send it so");
        var files = string.Concat(Directory.EnumerateFiles(host.StoreFolder, "*.json", SearchOption.AllDirectories).Select(File.ReadAllText));
        files.Should().NotContain(read.Split('_', 3)[2], "only hashes are kept");
    }

    [Fact]
    public async Task Calls_WithTokens_MayDoWhatTheirScopeSays()
    {
        using var folder = new TempFolder();
        var secret = new string('s', 40);
        await using var host = await ApiHost.StartAsync(auth: o => (o.JwtKeyFile, o.JwtIssuer) = (folder.File("key", secret), "issuer"));
        async Task<HttpStatusCode> StatusAsync(string token, string? body = null)
        {
            using var http = new HttpClient { BaseAddress = new Uri(host.Address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            return (await http.SendAsync(body is null ? HttpMethod.Get : HttpMethod.Post, "/api/jobs", body)).Status;
        }

        (await StatusAsync(Token(secret, "read"))).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(Token(secret, "read"), Job)).Should().Be(HttpStatusCode.Forbidden);
        (await StatusAsync(Token(secret, "openid dpvr:submit"), Job)).Should().Be(HttpStatusCode.Created);
        (await StatusAsync(Token(secret, "openid"))).Should().Be(HttpStatusCode.Forbidden, "a token without a scope of ours may do nothing");
        (await StatusAsync(Token(new string('t', 40), "admin"))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(Token(secret, "admin", audience: "other"))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(Token(secret, "admin", issuer: "other"))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(Token(secret, "admin", seconds: -60))).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync(Part("""{"alg":"none"}""") + "." + Part("""{"aud":"dpvr","iss":"issuer","exp":99999999999,"scope":"admin"}""") + ".")).Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Calls_WithoutKeys_AreRefusedToWebPagesOfOthers()
    {
        await using var host = await ApiHost.StartAsync(options => options.RequestsPerSecond = 5);
        using var http = host.Client();
        async Task<HttpStatusCode> WithAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
            request.Headers.TryAddWithoutValidation(header, value);
            return (await http.SendAsync(request)).StatusCode;
        }

        (await WithAsync("Origin", "https://evil.example")).Should().Be(HttpStatusCode.Forbidden);
        (await WithAsync("Host", "evil.example")).Should().Be(HttpStatusCode.Forbidden, "a name that was pointed at this machine");
        (await WithAsync("Origin", host.Address)).Should().Be(HttpStatusCode.OK);
        var many = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => http.GetJsonAsync("/api/jobs/x")));
        var refused = many.Where(m => m.Status == HttpStatusCode.TooManyRequests).ToList();
        refused.Should().NotBeEmpty();
        refused[0].Answer.Headers.RetryAfter.Should().NotBeNull();
        refused[0].Body.Text("code").Should().Be("rate_limited");
    }

    private static string Token(string secret, string scope, string audience = "dpvr", string issuer = "issuer", int seconds = 60)
    {
        var signed = Part("""{"alg":"HS256","typ":"JWT"}""") + "." + Part($$"""{"sub":"me","aud":"{{audience}}","iss":"{{issuer}}","scope":"{{scope}}","exp":{{DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds()}}}""");
        return signed + "." + Base64(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)));
    }

    private static string Part(string json) => Base64(Encoding.UTF8.GetBytes(json));

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
