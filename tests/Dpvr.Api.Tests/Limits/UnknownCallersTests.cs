using System.Net;
using Dpvr.Silo.Api.Limits;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Dpvr.Api.Tests.Limits;

[Collection(OneServer.Name)]
public sealed class UnknownCallersTests
{
    private const int Flood = 300;

    [Fact]
    public async Task Keys_ThatAreWrongAndMany_AreNotEvenLookedUp_AndKeepNoHolderOfAGoodOneOut()
    {
        var good = "";
        await using var host = await ApiHost.StartAsync(static options => options.RequestsPerSecond = 100, before: async keys => good = await ApiHost.MakeKeyAsync(keys, "read"));
        using var mine = host.Client(good);
        (await mine.GetJsonAsync("/api/jobs/0000-1")).Status.Should().Be(HttpStatusCode.NotFound);
        var reads = await ReadsAsync(host);
        var begun = TimeProvider.System.GetTimestamp();
        using var http = host.Client();

        var answers = new List<HttpResponseMessage>();
        foreach (var some in Enumerable.Range(0, Flood).Chunk(50)) answers.AddRange(await Task.WhenAll(some.Select(i => WithAsync(http, $"dpvr_{i:x12}_{new string('s', 43)}"))));

        var lookedUp = await ReadsAsync(host) - reads;
        var most = 20 + (int)(10 * (TimeProvider.System.GetElapsedTime(begun).TotalSeconds + 1)); // a burst, and a tenth of the rate
        var refused = answers.Where(static a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        answers.Should().OnlyContain(static a => a.StatusCode == HttpStatusCode.TooManyRequests || a.StatusCode == HttpStatusCode.Unauthorized);
        (Flood - refused.Count).Should().BeLessThanOrEqualTo(most);
        lookedUp.Should().BeLessThanOrEqualTo(most);
        refused[0].Headers.RetryAfter.Should().NotBeNull();
        (await refused[0].Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Contain("rate_limited");
        (await mine.GetJsonAsync("/api/jobs/0000-1")).Status.Should().Be(HttpStatusCode.NotFound, "a key that opened something passes by");
    }

    [Theory]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void AddressOf_OneNetwork_IsOne(string one, string other, bool same) =>
        (UnknownCallers.AddressOf(IPAddress.Parse(one)) == UnknownCallers.AddressOf(IPAddress.Parse(other))).Should().Be(same);

    private static async Task<HttpResponseMessage> WithAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/jobs/0000-1");
        request.Headers.Add("X-Api-Key", key);
        return await http.SendAsync(request);
    }

    // Blobs read, of which nothing else reads many while there is no job.
    private static async Task<double> ReadsAsync(ApiHost host)
    {
        using var text = new MemoryStream();
        await host.Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n').Where(static line => line.StartsWith("dpvr_store_calls_total{operation=\"get\"", StringComparison.Ordinal))
            .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
