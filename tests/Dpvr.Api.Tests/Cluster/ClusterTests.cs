using System.Net;
using System.Text.Json;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Api.Tests.Cluster;

/// <summary>Two silos that serve the API, and a worker, as processes of their own.</summary>
[Collection(OneServer.Name)]
public sealed class ClusterTests
{
    [Fact]
    public async Task Silos_ServeTheSameJobsWhicheverIsAsked()
    {
        Assert.SkipUnless(RedisServer.Missing is null, RedisServer.Missing ?? "");
        Assert.SkipUnless(DpvrProcess.Missing is null, DpvrProcess.Missing ?? "");
        using var folder = new TempFolder();
        await using var redis = await RedisServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        string[] where = ["--cluster", $"redis://127.0.0.1:{redis.Port}", "--store", folder.Of("store"), "--health", "off"];
        int[] ports = [FreePort.Next(), FreePort.Next()];
        using var first = DpvrProcess.Start(["silo", .. where, "--http", $"127.0.0.1:{ports[0]}", "--roots", $"scenes={ApiHost.Scenes}"]);
        using var second = DpvrProcess.Start(["silo", .. where, "--http", $"127.0.0.1:{ports[1]}", "--roots", $"scenes={ApiHost.Scenes}"]);
        using var worker = DpvrProcess.Start(["worker", .. where, "--device", "cpu", "--threads", "1"]);
        foreach (var process in new[] { first, second, worker })
            (await process.WaitForLineAsync(static line => line.EndsWith("ready", StringComparison.Ordinal), TestContext.Current.CancellationToken)).Should().BeTrue(process.Error);
        using var one = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}") };
        using var other = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[1]}") };

        var created = await Task.WhenAll(new[] { one, other, one, other }.Select(http => http.PostJsonAsync("/api/jobs", """{"source":{"root":"scenes"}}""", "key")));
        var id = created[0].Body.Text("id");
        created.Select(c => c.Body.Text("id")).Should().AllBe(id);
        created.Count(c => c.Status == HttpStatusCode.Created).Should().Be(1);
        var ended = JsonDocument.Parse((await other.EventsAsync($"/api/jobs/{id}/events"))[^1].Data).RootElement;
        (ended.Text("status"), ended.GetProperty("requests").Text("succeeded")).Should().Be(("completed", "64"));
        (await one.GetByteArrayAsync($"/api/jobs/{id}/results/captions.jsonl")).Should().Equal(await other.GetByteArrayAsync($"/api/jobs/{id}/results/captions.jsonl"));

        using var delete = DpvrProcess.Start(["jobs", "delete", id, .. where[..4]]);
        (await delete.EndAsync(TestContext.Current.CancellationToken)).Should().Match<ProgramEnd>(end => end.Code == 0 && end.Out == $"{id}: deleted\n");
        (await one.GetJsonAsync($"/api/jobs/{id}")).Status.Should().Be(HttpStatusCode.NotFound);

        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(ApiHost.Scenes, "test-000000.png")));
        var model = (await one.GetJsonAsync("/v1/models")).Body.GetProperty("data")[0].Text("id");
        var chat = await one.PostJsonAsync("/v1/chat/completions",
            $$$$"""{"model":"{{{{model}}}}","messages":[{"role":"user","content":[{"type":"text","text":"Describe the image."},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{{picture}}}}"}}]}]}""");
        chat.Status.Should().Be(HttpStatusCode.OK, chat.Body.ToString());
        chat.Body.GetProperty("choices")[0].GetProperty("message").Text("content").Should().Contain("blue arrow");
    }
}
