using System.Net;
using Dpvr.Hosting.Auth;

namespace Dpvr.Dashboard.Tests.Web;

/// <summary>What a browser is answered, without one.</summary>
public sealed class WebRoutesTests(KeyedDashboard server) : IClassFixture<KeyedDashboard>
{
    private readonly HttpClient _http = server.Http;
    private readonly string _key = server.Key;

    [Fact]
    public async Task Page_WithoutAKey_SendsABrowserToTheSignInPage()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/jobs/x?y=1", accept: "text/html");
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        answer.Headers.Location!.OriginalString.Should().Be("/sign-in?return=%2Fjobs%2Fx%3Fy%3D1");
    }

    [Theory, InlineData("/pictures/x/0/0/256.jpg"), InlineData("/_blazor/negotiate"), InlineData("/api/jobs"), InlineData("/sign-out")]
    public async Task Anything_WithoutAKey_IsClosed(string path)
    {
        using var answer = await SendAsync(path.EndsWith("negotiate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Page_WithTheKeysCookie_IsShownWithAPolicy()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/", cookie: _key, accept: "text/html");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        policy.Should().Contain("default-src 'none'").And.Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe-eval");
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("http://").And.NotContain("https://");
    }

    [Theory, InlineData("GET", "/api/jobs", HttpStatusCode.OK), InlineData("POST", "/api/jobs", HttpStatusCode.Unauthorized), InlineData("POST", "/api/jobs/x/cancel", HttpStatusCode.Unauthorized)]
    public async Task Api_WithTheKeysCookie_AnswersWhatChangesNothing(string method, string path, HttpStatusCode expected)
    {
        using var answer = await SendAsync(new HttpMethod(method), path, cookie: _key);
        answer.StatusCode.Should().Be(expected);
    }

    [Theory, InlineData("dpvr_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), InlineData("nonsense")]
    public async Task Page_WithAWrongKeysCookie_SendsToTheSignInPage(string key)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/", cookie: key, accept: "text/html");
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([new("key", _key)]) };
        using var answer = await _http.SendAsync(request);
        answer.StatusCode.Should().NotBe(HttpStatusCode.Redirect);
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).Should().NotContain(c => c.StartsWith("dpvr-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Assets_WithTheirVersion_MayBeKeptForEver()
    {
        using var page = await SendAsync(HttpMethod.Get, "/sign-in", accept: "text/html");
        var css = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), "assets/dashboard.css\\?v=[0-9a-f]+").Value;
        using var answer = await SendAsync(HttpMethod.Get, "/" + css);
        answer.Headers.CacheControl!.ToString().Should().Contain("immutable");
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/css");
    }

    [Theory, InlineData("//evil.example"), InlineData("https://evil.example"), InlineData("/\\evil.example"), InlineData(null), InlineData("/a\nb")]
    public void LocalPath_WhenItLeadsElsewhere_IsTheFirstPage(string? path) => KeyCookie.LocalPath(path).Should().Be("/");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? cookie = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (cookie is not null) request.Headers.Add("Cookie", $"dpvr-key={cookie}");
        if (accept is not null) request.Headers.Add("Accept", accept);
        return await _http.SendAsync(request);
    }
}
