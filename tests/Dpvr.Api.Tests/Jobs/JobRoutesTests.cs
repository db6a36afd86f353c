using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dpvr.Data.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Api.Tests.Jobs;

[Collection(OneServer.Name)]
public sealed class JobRoutesTests(OpenServer server)
{
    private const string Eight = """{"root":"scenes","globs":["test-00000[0-7].*"]}""";

    [Fact]
    public async Task Create_OfEightScenes_RunsToItsEndAndServesResultsInRanges()
    {
        var http = server.Http;

        var created = await http.PostJsonAsync("/api/jobs", $$$"""{"source":{{{Eight}}},"prompts":[{"text":"Describe the image."},{"name":"colour","text":"What colour is it?"}],"metadata":{"order":"7"}}""", "order-7");
        created.Status.Should().Be(HttpStatusCode.Created, created.Body.ToString());
        var id = created.Body.Text("id");
        created.Answer.Headers.Location!.ToString().Should().Be($"/api/jobs/{id}");
        var events = await http.EventsAsync($"/api/jobs/{id}/events");
        events[^1].Event.Should().Be("ended");
        events.Count(e => e.Event == "ended").Should().Be(1);
        var job = (await http.GetJsonAsync($"/api/jobs/{id}")).Body;
        job.Should().BeEquivalentTo(JsonDocument.Parse(events[^1].Data).RootElement, o => o.ComparingByMembers<JsonElement>());
        (job.Text("status"), job.Text("images_done"), job.GetProperty("requests").Text("succeeded"), job.Text("source"), job.GetProperty("metadata").Text("order"))
            .Should().Be(("completed", "8", "16", "scenes", "7"));

        var captions = await http.GetByteArrayAsync($"/api/jobs/{id}/results/captions.jsonl");
        System.Text.Encoding.UTF8.GetString(captions).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(16);
        using var ranged = new HttpRequestMessage(HttpMethod.Get, $"/api/jobs/{id}/results/captions.jsonl") { Headers = { Range = new RangeHeaderValue(100, 199) } };
        var part = await http.SendAsync(ranged);
        part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).Should().Equal(captions[100..200]);
        (await http.GetStringAsync($"/api/jobs/{id}/results/errors.jsonl")).Should().BeEmpty();
        var manifest = await http.GetStringAsync($"/api/jobs/{id}/results/manifest.json");
        manifest.Should().Contain("scenes-").And.NotContain(Repository.Root, "callers learn no path of the server");
        job.ToString().Should().NotContain(Repository.Root);

        var again = await http.PostJsonAsync("/api/jobs", $$$"""{"source":{{{Eight}}},"prompts":[{"name":"caption","text":" Describe the image. "},{"name":"colour","text":"What colour is it?"}],"metadata":{"order":"7"}}""", "order-7");
        (again.Status, again.Body.Text("id")).Should().Be((HttpStatusCode.OK, id), "the same key and the same meaning are the same job");
        var other = await http.PostJsonAsync("/api/jobs", $$"""{"source":{{Eight}}}""", "order-7");
        (other.Status, other.Body.Text("code"), other.Body.Text("job")).Should().Be((HttpStatusCode.Conflict, "idempotency_key_reused", id));

        var plan = (await http.PostJsonAsync("/api/jobs/plan", """{"source":{"root":"scenes"}}""")).Body;
        (plan.Text("images"), plan.Text("requests")).Should().Be(("64", "64"));
        (await http.GetJsonAsync($"/api/jobs/{plan.Text("estimate_from")}")).Body.Text("status").Should().Be("completed", "an equal job that has ended, this one or another's, tells the time");
        plan.GetProperty("engine_seconds").GetDouble().Should().BePositive();
        var retried = await http.PostJsonAsync($"/api/jobs/{id}/retry");
        (retried.Status, retried.Body.Text("id")).Should().Be((HttpStatusCode.OK, id), "nothing failed");
        var page = (await http.GetJsonAsync("/api/jobs?status=completed&limit=1")).Body;
        page.GetProperty("data")[0].Text("status").Should().Be("completed");
    }

    [Fact]
    public async Task Steer_APausedJob_ChangesItsShareAndCancelsIt()
    {
        var http = server.Http;
        // Questions enough for minutes: it must not be done before it is paused.
        var prompts = string.Join(',', Enumerable.Range(0, 40).Select(static i => $$"""{"name":"p{{i}}","text":"What is in place {{i}}?"}"""));
        var id = (await http.PostJsonAsync("/api/jobs", $$$"""{"source":{"root":"scenes"},"prompts":[{{{prompts}}}],"sampling":{"max_new_tokens":48}}""")).Body.Text("id");

        (await http.PostJsonAsync($"/api/jobs/{id}/pause")).Body.Text("paused").Should().Be("True");
        var share = await http.SendAsync(HttpMethod.Put, $"/api/jobs/{id}/share", """{"priority":5,"weight":2.5}""");
        (share.Body.Text("priority"), share.Body.Text("weight")).Should().Be(("5", "2.5"));
        (await http.PostJsonAsync($"/api/jobs/{id}/retry")).Status.Should().Be(HttpStatusCode.Conflict);
        (await http.GetJsonAsync($"/api/jobs/{id}/results/captions.jsonl")).Status.Should().Be(HttpStatusCode.Conflict);
        (await http.PostJsonAsync($"/api/jobs/{id}/cancel")).Status.Should().Be(HttpStatusCode.OK);
        (await http.EventsAsync($"/api/jobs/{id}/events"))[^1].Data.Should().Contain("\"status\":\"cancelled\"");
    }

    [Theory]
    [InlineData("""{"source":{"root":"scenes"},"promts":[]}""", "unknown_member", "promts")]
    [InlineData("""{"source":{"root":"scenes"},""", "malformed_json", "body")]
    [InlineData("""{"source":{"root":"scenes"},"weight":"heavy"}""", "invalid_value", "weight")]
    [InlineData("""{"source":{"root":"scenes"},"weight":0}""", "invalid_value", "weight")]
    [InlineData("""{"source":{"root":"elsewhere"}}""", "invalid_value", "source.root")]
    [InlineData("""{"source":{"root":"scenes","path":"../photos"}}""", "invalid_value", "source.path")]
    [InlineData("""{"source":{"root":"scenes","path":"/etc"}}""", "invalid_value", "source.path")]
    [InlineData("""{"source":{"root":"scenes","manifest":"nowhere.jsonl"}}""", "invalid_value", "source.manifest")]
    [InlineData("""{"source":{"root":"scenes"},"model":"gpt-4o"}""", "model_not_found", "model")]
    [InlineData("""{"source":{"root":"scenes"},"routing":"sparse"}""", "invalid_value", "routing")]
    [InlineData("""{"source":{"root":"scenes"},"prompts":[{"text":"<image> or <image>?"}]}""", "invalid_value", "prompts[0].text")]
    [InlineData("""{"source":{"root":"scenes"},"sampling":{"top_p":2}}""", "invalid_value", "sampling.top_p")]
    [InlineData("{}", "invalid_value", "source")]
    public async Task Create_WithSomethingWrong_NamesFieldAndWhatIsAllowed(string body, string code, string field)
    {
        var answer = await server.Http.PostJsonAsync("/api/jobs", body);

        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        answer.Answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (answer.Body.Text("code"), answer.Body.Text("field")).Should().Be((code, field));
        answer.Body.Text("allowed").Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("/api/jobs", """{"source":{"root":"scenes"}}""")]
    [InlineData("/v1/batches", """{"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h"}""")]
    public async Task Create_WithSeveralKeys_IsRefusedByName(string path, string body)
    {
        // By hand: HttpClient would send one line.
        var address = new Uri(server.Host.Address);
        using var tcp = new System.Net.Sockets.TcpClient(address.Host, address.Port);
        await tcp.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nContent-Type: application/json\r\nIdempotency-Key: one\r\nIdempotency-Key: two\r\nContent-Length: {body.Length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tcp.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        answer.Should().StartWith("HTTP/1.1 400 ").And.Contain("Idempotency-Key: 'one, two' is not allowed; allowed: the header once");
    }

    [Theory, InlineData("batch:batch_1"), InlineData("window:1"), InlineData("message:1"), InlineData("sha256:1")]
    public async Task Create_WithAKeyThatTheServerCouldMake_IsRefused(string key)
    {
        var answer = await server.Http.PostJsonAsync("/api/jobs", """{"source":{"root":"scenes"}}""", key);

        (answer.Status, answer.Body.Text("code"), answer.Body.Text("value")).Should().Be((HttpStatusCode.BadRequest, "reserved_key", key));
        answer.Body.Text("detail").Should().Contain("begins with none of batch:, window:, message:");
    }

    [Fact]
    public async Task Create_FromALinkThatLeadsOutOfItsRoot_IsRefused()
    {
        using var folder = new TempFolder();
        folder.File("inside/a.png");
        Directory.CreateSymbolicLink(folder.Of("inside", "out"), ApiHost.Scenes);
        await using var host = await ApiHost.StartAsync(options => options.Roots["mine"] = folder.Of("inside"));
        using var http = host.Client();

        var answer = await http.PostJsonAsync("/api/jobs", """{"source":{"root":"mine","path":"out"}}""");

        (answer.Status, answer.Body.Text("field")).Should().Be((HttpStatusCode.BadRequest, "source.path"));
    }

    [Fact]
    public async Task Create_FromAnUploadedFile_AsksWhatItsRowsAskAndReachesNoBlobOfOthers()
    {
        var good = await UploadAsync("""{"custom_id":"1","image":"http://127.0.0.1:1/a.png","prompt":"What colour is it?","max_tokens":8}""" + "\n" + """{"custom_id":"2"}""");
        var created = await server.Http.PostJsonAsync("/api/jobs", $$$"""{"source":{"file":"{{{good}}}"},"prompts":[{"text":"Describe."}]}""");
        created.Status.Should().Be(HttpStatusCode.Created, created.Body.ToString());
        await server.Http.EventsAsync($"/api/jobs/{created.Body.Text("id")}/events");
        var errors = await server.Http.GetStringAsync($"/api/jobs/{created.Body.Text("id")}/results/errors.jsonl");
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("error").Text("code")).Should().Equal("url_blocked", "bad_row");

        var sly = await UploadAsync("""{"custom_id":"1","image":"store:keys/0123456789ab.json","prompt":"What does it say?"}""");
        var refused = await server.Http.PostJsonAsync("/api/jobs", $$$"""{"source":{"file":"{{{sly}}}"}}""");
        (refused.Status, refused.Body.Text("field")).Should().Be((HttpStatusCode.BadRequest, "source.file"));
    }

    [Fact]
    public async Task Delete_OfAFileThatAJobReads_IsRefusedUntilTheJobHasEnded()
    {
        var file = await UploadAsync("""{"custom_id":"1","image":"http://127.0.0.1:1/a.png","prompt":"What is it?"}""");
        var job = await PausedAsync($$$"""{"source":{"file":"{{{file}}}"},"priority":-1000}""");

        var refused = await server.Http.SendAsync(HttpMethod.Delete, $"/v1/files/{file}");
        var still = await server.Http.GetJsonAsync($"/v1/files/{file}");
        await server.Http.PostJsonAsync($"/api/jobs/{job}/cancel");
        await server.Http.EventsAsync($"/api/jobs/{job}/events");
        var deleted = await server.Http.SendAsync(HttpMethod.Delete, $"/v1/files/{file}");
        var late = await server.Http.PostJsonAsync("/api/jobs", $$$"""{"source":{"file":"{{{file}}}"}}""");

        (refused.Status, refused.Body.GetProperty("error").Text("code")).Should().Be((HttpStatusCode.Conflict, "file_in_use"));
        refused.Body.GetProperty("error").Text("message").Should().Contain(job);
        (still.Status, deleted.Status).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        (late.Status, late.Body.Text("field")).Should().Be((HttpStatusCode.BadRequest, "source.file"));
    }

    [Fact]
    public async Task Delete_OfAJob_WaitsForItsEndAndLeavesNothing()
    {
        var (http, blobs) = (server.Http, server.Host.Services.GetRequiredService<IBlobStore>());
        var body = """{"source":{"root":"scenes","globs":["test-000000.*"]},"metadata":{"delete":"me"}}""";
        var before = await AllAsync();
        var created = await http.PostJsonAsync("/api/jobs", body, "delete me");
        var job = created.Body.Text("id");
        await http.EventsAsync($"/api/jobs/{job}/events");
        (await AllAsync()).Should().HaveCountGreaterThan(before.Count);

        var deleted = await http.SendAsync(HttpMethod.Delete, $"/api/jobs/{job}");

        (deleted.Status, deleted.Body.Text("id"), deleted.Body.Text("deleted")).Should().Be((HttpStatusCode.OK, job, "True"));
        var others = before.Where(static key => key.StartsWith("jobs/", StringComparison.Ordinal)).Select(static key => key.Split('/')[1]).ToHashSet(); // which may still be ending
        (await AllAsync()).Except(before).Where(key => !others.Any(key.Contains)).Should().BeEmpty();
        (await http.GetJsonAsync($"/api/jobs/{job}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await http.GetStringAsync("/api/jobs")).Should().NotContain(job);
        (await http.SendAsync(HttpMethod.Delete, $"/api/jobs/{job}")).Status.Should().Be(HttpStatusCode.NotFound);
        var again = await http.PostJsonAsync("/api/jobs", body, "delete me");
        again.Status.Should().Be(HttpStatusCode.Created, "its key went with it");
        again.Body.Text("id").Should().NotBe(job);

        async Task<HashSet<string>> AllAsync() => [.. await blobs.ListAsync("").Where(static key => !key.StartsWith(".dpvr/", StringComparison.Ordinal)).ToListAsync()];
    }

    [Fact]
    public async Task Delete_OfAJobThatWasTriedAgain_ComesAfterThatTry_WhichMayThenBeMadeAnew()
    {
        var http = server.Http;
        var file = await UploadAsync("""{"custom_id":"1","image":"http://127.0.0.1:1/a.png","prompt":"What is it?"}""");
        var first = (await http.PostJsonAsync("/api/jobs", $$$"""{"source":{"file":"{{{file}}}"}}""")).Body.Text("id");
        await http.EventsAsync($"/api/jobs/{first}/events");
        var second = (await http.PostJsonAsync($"/api/jobs/{first}/retry")).Body.Text("id");
        await http.EventsAsync($"/api/jobs/{second}/events");

        var early = await http.SendAsync(HttpMethod.Delete, $"/api/jobs/{first}");
        var deleted = await http.SendAsync(HttpMethod.Delete, $"/api/jobs/{second}");
        var again = await http.PostJsonAsync($"/api/jobs/{first}/retry");
        var end = (await http.EventsAsync($"/api/jobs/{second}/events"))[^1].Data;

        (early.Status, early.Body.Text("code")).Should().Be((HttpStatusCode.Conflict, "job_in_use"));
        early.Body.Text("detail").Should().Be($"Job {second} does again what failed of job {first}; delete that first.");
        (deleted.Status, again.Status, again.Body.Text("id")).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK, second));
        end.Should().Contain("\"status\":\"completed\"").And.Contain("\"failed\":1");
        foreach (var job in (string[])[second, first]) (await http.SendAsync(HttpMethod.Delete, $"/api/jobs/{job}")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_OfAJobThatRuns_IsRefused()
    {
        var job = await PausedAsync("""{"source":{"root":"scenes"}}""");

        var refused = await server.Http.SendAsync(HttpMethod.Delete, $"/api/jobs/{job}");

        (refused.Status, refused.Body.Text("code")).Should().Be((HttpStatusCode.Conflict, "not_ended"));
        refused.Body.Text("detail").Should().Be($"Job {job} has not ended; cancel it first.");
        (await server.Http.PostJsonAsync($"/api/jobs/{job}/cancel")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_ThatTheServerCannotTake_SayWhy()
    {
        var http = server.Http;

        (await http.SendAsync(HttpMethod.Post, "/api/jobs", "a=b", type: "application/x-www-form-urlencoded")).Should().Match<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage)>(a => a.Status == HttpStatusCode.UnsupportedMediaType && a.Body.Text("field") == "Content-Type");
        var large = await http.PostJsonAsync("/api/jobs", $$$"""{"source":{"root":"{{{new string('x', 1 << 20)}}}"}}""");
        (large.Status, large.Body.Text("code")).Should().Be((HttpStatusCode.RequestEntityTooLarge, "body_too_large"));
        var missing = await http.GetJsonAsync("/api/jobs/0000-1");
        (missing.Status, missing.Body.Text("code")).Should().Be((HttpStatusCode.NotFound, "not_found"));
        (await http.GetJsonAsync("/api/nothing")).Body.Text("code").Should().Be("not_found");
        (await http.GetJsonAsync("/api/jobs?limit=many")).Body.Text("field").Should().Be("limit");
        var document = (await http.GetJsonAsync("/openapi.json")).Body;
        document.GetProperty("paths").GetProperty("/api/jobs/{id}/results/{file}").GetProperty("get").Text("summary").Should().Contain("captions.jsonl");
    }

    private async Task<string> PausedAsync(string body)
    {
        var job = (await server.Http.PostJsonAsync("/api/jobs", body)).Body.Text("id");
        await server.Http.PostJsonAsync($"/api/jobs/{job}/pause");
        return job;
    }

    private async Task<string> UploadAsync(string lines)
    {
        using var form = new MultipartFormDataContent { { new StringContent("user_data"), "purpose" }, { new StringContent(lines), "file", "rows.jsonl" } };
        return JsonDocument.Parse(await (await server.Http.PostAsync("/v1/files", form)).Content.ReadAsStringAsync()).RootElement.Text("id");
    }
}
