using System.Net;
using System.Text.Json;

namespace Dpvr.Api.Tests.Batches;

/// <summary>What OpenAI's client does not do: crashes, keys, time. The rest is in <c>OpenAi/client/run.mjs</c>.</summary>
[Collection(OneServer.Name)]
public sealed class BatchRoutesTests(OpenServer server)
{
    private const string Picture = "test-000001.jpg";

    [Fact]
    public async Task Create_WithTheSameKey_IsOneBatch()
    {
        var file = await UploadAsync(server.Http, 2);

        var first = await CreateAsync(server.Http, file, "24h", "key-1");
        var again = await CreateAsync(server.Http, file, "24h", "key-1");
        var other = await CreateAsync(server.Http, file, "48h", "key-1");
        var asJob = await server.Http.PostJsonAsync("/api/jobs", """{"source":{"root":"scenes"}}""", "key-1");

        again.Body.Text("id").Should().Be(first.Body.Text("id"));
        other.Status.Should().Be(HttpStatusCode.Conflict);
        asJob.Status.Should().Be(HttpStatusCode.Conflict, "the key stands for the batch, whichever way it comes");
        (await server.Http.SendAsync(HttpMethod.Delete, $"/v1/files/{file}")).Status.Should().BeOneOf(HttpStatusCode.Conflict, HttpStatusCode.OK);
        (await EndAsync(server.Http, first.Body.Text("id"))).Text("status").Should().Be("completed");
    }

    [Fact]
    public async Task Batch_WhenTheServerIsStartedAgain_GoesOn()
    {
        using var folder = new TempFolder();
        string id;
        await using (var host = await ApiHost.StartAsync(folder))
        {
            using var http = host.Client();
            id = (await CreateAsync(http, await UploadAsync(http, 40), "24h")).Body.Text("id");
        }
        await using var next = await ApiHost.StartAsync(folder);
        using var client = next.Client();

        var batch = await EndAsync(client, id);

        (batch.Text("status"), batch.GetProperty("request_counts").Text("completed")).Should().Be(("completed", "40"));
        var lines = (await client.GetStringAsync($"/v1/files/{batch.Text("output_file_id")}/content")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(l => JsonDocument.Parse(l).RootElement.Text("custom_id")).Should().Equal(Enumerable.Range(0, 40).Select(i => $"r{i}"));
        (await client.GetJsonAsync("/api/jobs")).Body.GetProperty("data").GetArrayLength().Should().Be(1, "it was one job all along");
        (await client.SendAsync(HttpMethod.Delete, $"/v1/files/{batch.Text("input_file_id")}")).Status.Should().Be(HttpStatusCode.OK, "nobody reads it any more");
    }

    [Fact]
    public async Task Batch_WhoseTimeIsOver_Expires()
    {
        using var folder = new TempFolder();
        var time = new ShiftedTime();
        await using var host = await ApiHost.StartAsync(folder, time: time);
        using var http = host.Client();
        var id = (await CreateAsync(http, await UploadAsync(http, 200), "1h")).Body.Text("id");
        time.Shift = TimeSpan.FromHours(1.5);

        var batch = await EndAsync(http, id);

        batch.Text("status").Should().Be("expired");
        batch.TryGetProperty("cancelled_at", out _).Should().BeFalse();
        var counts = batch.GetProperty("request_counts");
        (counts.GetProperty("completed").GetInt32() + counts.GetProperty("failed").GetInt32()).Should().Be(200);
    }

    [Theory]
    [InlineData("""{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "input_file_id")]
    [InlineData("""{"input_file_id":"file-1","endpoint":"/v1/embeddings","completion_window":"24h"}""", "endpoint")]
    [InlineData("""{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"soon"}""", "completion_window")]
    public async Task Create_WithSomethingWrong_NamesTheField(string body, string param)
    {
        var answer = await server.Http.PostJsonAsync("/v1/batches", body);

        (answer.Status, answer.Body.GetProperty("error").Text("param")).Should().Be((HttpStatusCode.BadRequest, param));
    }

    private static async Task<string> UploadAsync(HttpClient http, int lines)
    {
        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(ApiHost.Scenes, Picture)));
        var model = (await http.GetJsonAsync("/v1/models")).Body.GetProperty("data")[0].Text("id");
        var text = string.Concat(Enumerable.Range(0, lines).Select(i =>
            $$$$"""{"custom_id":"r{{{{i}}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"{{{{model}}}}","max_tokens":30,"messages":[{"role":"user","content":[{"type":"text","text":"Describe image {{{{i}}}}."},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,{{{{picture}}}}"}}]}]}}""" + "\n"));
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new StringContent(text), "file", "in.jsonl" } };
        var answer = await http.PostAsync("/v1/files", form);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Text("id");
    }

    private static Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> CreateAsync(HttpClient http, string file, string window, string? key = null) =>
        http.PostJsonAsync("/v1/batches", $$"""{"input_file_id":"{{file}}","endpoint":"/v1/chat/completions","completion_window":"{{window}}"}""", key);

    private static async Task<JsonElement> EndAsync(HttpClient http, string id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var batch = (await http.GetJsonAsync($"/v1/batches/{id}")).Body;
            if (batch.Text("status") is "completed" or "failed" or "cancelled" or "expired") return batch;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
