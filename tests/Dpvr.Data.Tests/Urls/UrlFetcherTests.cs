using System.Net;
using System.Net.Sockets;
using Dpvr.Contracts.Results;
using Dpvr.Data.Sources;
using Dpvr.Data.Urls;
using Dpvr.TestKit.Servers;
using Microsoft.Extensions.Options;

namespace Dpvr.Data.Tests.Urls;

public sealed class UrlFetcherTests : IAsyncLifetime
{
    private PictureServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PictureServer.StartAsync();

    [Fact]
    public async Task ReadAsync_APictureOfAnAllowedHost_GivesItsBytesAndSendsNothingOfOurs()
    {
        string[] seen = [];
        _server.OnGet = context =>
        {
            seen = [.. context.Request.Headers.Keys];
            context.Response.Headers.SetCookie = "a=b; Path=/";
            return context.Response.Body.WriteAsync("picture"u8.ToArray()).AsTask();
        };
        using var fetcher = Fetcher();

        await fetcher.ReadAsync(_server.Url("a.png"));
        var read = await fetcher.ReadAsync(_server.Url("b.png"));

        read.Bytes.ToArray().Should().Equal("picture"u8.ToArray());
        seen.Should().BeEquivalentTo("Host", "Accept", "User-Agent");
    }

    [Fact]
    public async Task ReadAsync_SeveralQuestionsAboutOnePicture_AsksItsServerOnce()
    {
        using var fetcher = Fetcher();

        var read = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fetcher.ReadAsync(_server.Url("a.png"))));

        read.Should().OnlyContain(r => r.Error == null);
        _server.Asked.Should().Be(1);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://user:password@example.org/")]
    public async Task ReadAsync_AHostThatIsNotPublic_IsBlockedAndNeverAsked(string url)
    {
        using var fetcher = Fetcher(o => o.AllowedHosts = []);

        var read = await fetcher.ReadAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _server.Port));

        read.Error!.Code.Should().Be(ErrorCodes.UrlBlocked, read.Error.Message);
        _server.Asked.Should().Be(0);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.org/")]
    [InlineData("data:image/png;base64,AQID")]
    public async Task ReadAsync_AnotherScheme_IsRefused(string url)
    {
        using var fetcher = Fetcher();

        (await fetcher.ReadAsync(url)).Error!.Code.Should().Be(ErrorCodes.UrlScheme);
    }

    [Fact]
    public async Task ReadAsync_ANameOfWhichOneAddressIsPrivate_IsBlocked()
    {
        using var fetcher = Fetcher(o => o.AllowedHosts = [], new FixedResolver(IPAddress.Parse("93.184.216.34"), IPAddress.Loopback));

        (await fetcher.ReadAsync($"http://pictures.example:{_server.Port}/")).Error!.Code.Should().Be(ErrorCodes.UrlBlocked);
    }

    [Fact]
    public async Task ReadAsync_AName_IsResolvedOnceAndThatAddressIsDialled()
    {
        var resolver = new FixedResolver(IPAddress.Loopback);
        using var fetcher = Fetcher(o => o.AllowedHosts = ["pictures.example"], resolver);

        var read = await fetcher.ReadAsync($"http://pictures.example:{_server.Port}/a.png");

        read.Error.Should().BeNull();
        (resolver.Asked, _server.Asked).Should().Be((1, 1));
    }

    [Fact]
    public async Task ReadAsync_AHostAllowedOnAnotherPort_IsBlocked()
    {
        using var fetcher = Fetcher(o => o.AllowedHosts = ["127.0.0.1:1"]);

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(ErrorCodes.UrlBlocked);
    }

    [Fact]
    public async Task ReadAsync_Redirects_AreFollowedUpToFive()
    {
        _server.OnGet = context =>
        {
            var left = int.Parse(context.Request.Path.Value!.Trim('/'), System.Globalization.CultureInfo.InvariantCulture);
            if (left == 0) return context.Response.Body.WriteAsync("picture"u8.ToArray()).AsTask();
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = left % 2 == 0 ? $"/{left - 1}" : _server.Url($"{left - 1}");
            return Task.CompletedTask;
        };
        using var fetcher = Fetcher();

        (await fetcher.ReadAsync(_server.Url("5"))).Error.Should().BeNull();
        (await fetcher.ReadAsync(_server.Url("6"))).Error!.Code.Should().Be(ErrorCodes.HttpError);
    }

    [Theory]
    [InlineData("http://169.254.169.254/", ErrorCodes.UrlBlocked)]
    [InlineData("http://localhost/", ErrorCodes.UrlBlocked)]
    [InlineData("file:///etc/passwd", ErrorCodes.UrlScheme)]
    [InlineData("http://u:p@127.0.0.1/", ErrorCodes.UrlBlocked)]
    [InlineData("", ErrorCodes.HttpError)]
    public async Task ReadAsync_ARedirectToWhereItMayNotGo_IsRefused(string location, string code)
    {
        _server.OnGet = context =>
        {
            context.Response.StatusCode = 301;
            if (location.Length > 0) context.Response.Headers.Location = location;
            return Task.CompletedTask;
        };
        using var fetcher = Fetcher();

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(code);
    }

    [Theory]
    [InlineData(404, ErrorCodes.Http404, 1)]
    [InlineData(410, ErrorCodes.Http404, 1)]
    [InlineData(403, ErrorCodes.HttpError, 1)]
    [InlineData(206, ErrorCodes.HttpError, 1)]
    [InlineData(500, ErrorCodes.HttpError, 4)]
    [InlineData(503, ErrorCodes.HttpError, 4)]
    [InlineData(429, ErrorCodes.HttpError, 4)]
    public async Task ReadAsync_AnotherStatus_IsAskedAgainOnlyWhereItMayPass(int status, string code, int asked)
    {
        _server.OnGet = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        using var fetcher = Fetcher();

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(code);
        _server.Asked.Should().Be(asked);
    }

    [Theory]
    [InlineData("0", 2)]
    [InlineData("31", 1)]
    public async Task ReadAsync_RetryAfter_IsHonouredWithinItsBound(string retryAfter, int asked)
    {
        _server.OnGet = context =>
        {
            if (_server.Asked > 1) return context.Response.Body.WriteAsync("picture"u8.ToArray()).AsTask();
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };
        using var fetcher = Fetcher(o => o.FirstPause = TimeSpan.FromHours(1));

        var read = await fetcher.ReadAsync(_server.Url("a.png"));

        (_server.Asked, read.Error is null).Should().Be((asked, asked > 1));
    }

    [Fact]
    public async Task ReadAsync_MoreBytesThanAllowed_IsRefusedWhetherTheServerSaysSoOrNot()
    {
        using var fetcher = Fetcher(o => o.MaxBytes = 100);
        _server.OnGet = context => context.Response.Body.WriteAsync(new byte[1000]).AsTask();

        var unsaid = await fetcher.ReadAsync(_server.Url("a.png"));
        _server.OnGet = context =>
        {
            context.Response.ContentLength = 1000;
            return context.Response.Body.WriteAsync(new byte[1000]).AsTask();
        };
        var said = await fetcher.ReadAsync(_server.Url("a.png"));

        (unsaid.Error!.Code, said.Error!.Code).Should().Be((ErrorCodes.HttpTooLarge, ErrorCodes.HttpTooLarge));
    }

    [Fact]
    public async Task ReadAsync_FewerBytesThanSaid_IsTruncatedAfterFurtherAttempts()
    {
        _server.OnGet = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync(); // the server closes what it cannot keep
        };
        using var fetcher = Fetcher();

        var read = await fetcher.ReadAsync(_server.Url("a.png"));

        (read.Error!.Code, _server.Asked).Should().Be((ErrorCodes.HttpTruncated, 4));
    }

    [Fact]
    public async Task ReadAsync_NoBytes_IsEmpty()
    {
        _server.OnGet = static _ => Task.CompletedTask;
        using var fetcher = Fetcher();

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(ErrorCodes.Empty);
    }

    [Fact]
    public async Task ReadAsync_AnEndlessBody_EndsWithTheDeadline()
    {
        _server.OnGet = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1], context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Yield();
            }
        };
        using var fetcher = Fetcher(o => (o.TotalTimeout, o.MaxBytes) = (TimeSpan.FromMilliseconds(300), int.MaxValue - 64));

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(ErrorCodes.FetchTimeout);
    }

    [Fact]
    public async Task ReadAsync_AServerThatNeverAnswers_EndsWithTheDeadline()
    {
        _server.OnGet = static context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var fetcher = Fetcher(o => o.TotalTimeout = TimeSpan.FromMilliseconds(300));

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(ErrorCodes.FetchTimeout);
    }

    [Fact]
    public async Task ReadAsync_WhenItIsCancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        _server.OnGet = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using var fetcher = Fetcher();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.ReadAsync(_server.Url("a.png"), stop.Token));
    }

    [Fact]
    public async Task ReadAsync_NobodyListens_IsAnErrorOfTheItem()
    {
        await _server.DisposeAsync();
        using var fetcher = Fetcher();

        (await fetcher.ReadAsync(_server.Url("a.png"))).Error!.Code.Should().Be(ErrorCodes.HttpError);
    }

    [Fact]
    public async Task ReadAsync_ANameThatDoesNotExist_IsAskedForOnce()
    {
        var resolver = new FixedResolver();
        using var fetcher = Fetcher(resolver: resolver);

        (await fetcher.ReadAsync("http://nowhere.example/a.png")).Error!.Code.Should().Be(ErrorCodes.HttpError);
        resolver.Asked.Should().Be(1);
    }

    private static UrlFetcher Fetcher(Action<PictureUrlOptions>? configure = null, IHostResolver? resolver = null)
    {
        var options = new PictureUrlOptions { AllowedHosts = ["127.0.0.1"], FirstPause = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(options);
        return new UrlFetcher(Options.Create(options), resolver: resolver);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class FixedResolver(params IPAddress[] addresses) : IHostResolver
    {
        public int Asked { get; private set; }

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Asked++;
            return addresses.Length > 0 ? Task.FromResult(addresses) : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
        }
    }
}
