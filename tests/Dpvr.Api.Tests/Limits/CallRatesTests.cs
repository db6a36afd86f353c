using System.Net;

namespace Dpvr.Api.Tests.Limits;

[Collection(OneServer.Name)]
public sealed class CallRatesTests
{
    [Fact]
    public async Task Events_WhenAsManyStreamsAreOpenAsMayBe_AreRefusedUntilOneIsClosed()
    {
        await using var host = await ApiHost.StartAsync(static options => options.MostStreams = 1);
        using var http = host.Client();
        var job = (await http.PostJsonAsync("/api/jobs", """{"source":{"root":"scenes"}}""")).Body.Text("id");
        await http.PostJsonAsync($"/api/jobs/{job}/pause"); // a stream that does not end by itself
        using (await OpenAsync())
        {
            using var refused = await OpenAsync();
            (refused.StatusCode, refused.Headers.RetryAfter?.Delta).Should().Be((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(1)));
        }
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            using var next = await OpenAsync();
            if (next.StatusCode == HttpStatusCode.OK) return;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Task<HttpResponseMessage> OpenAsync() => http.GetAsync($"/api/jobs/{job}/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
