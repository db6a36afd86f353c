using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Dpvr.Data.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Api.Tests.Files;

[Collection(OneServer.Name)]
public sealed class FileRoutesTests(OpenServer server)
{
    [Fact]
    public async Task Upload_OfManyMegabytes_IsStoredAsItCameAndDeleted()
    {
        var content = new byte[40 << 20];
        Random.Shared.NextBytes(content);
        var before = GC.GetTotalAllocatedBytes();

        var file = await UploadAsync("batch", "../../lines.jsonl", new StreamContent(new MemoryStream(content)));

        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(content.Length, "it goes through in pieces");
        (file.Status, file.Body.Text("filename"), file.Body.Text("bytes"), file.Body.Text("purpose"), file.Body.Text("object")).Should().Be((HttpStatusCode.OK, "lines.jsonl", $"{content.Length}", "batch", "file"));
        var id = file.Body.Text("id");
        (await server.Http.GetByteArrayAsync($"/v1/files/{id}/content")).Should().Equal(content);
        (await server.Http.GetJsonAsync("/v1/files?purpose=batch")).Body.GetProperty("data")[0].Text("id").Should().Be(id, "newest first");
        (await server.Http.SendAsync(HttpMethod.Delete, $"/v1/files/{id}")).Body.Text("deleted").Should().Be("True");
        (await server.Http.GetJsonAsync($"/v1/files/{id}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await BlobsAsync($"files/{id}/")).Should().BeEmpty();
    }

    [Fact]
    public async Task List_OfThree_IsPagedByIds()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add((await UploadAsync("vision", $"{i}.png", new StringContent("x"))).Body.Text("id"));

        var first = (await server.Http.GetJsonAsync("/v1/files?purpose=vision&limit=2")).Body;
        var second = (await server.Http.GetJsonAsync($"/v1/files?purpose=vision&limit=2&after={first.Text("last_id")}")).Body;

        first.Text("has_more").Should().Be("True");
        second.Text("has_more").Should().Be("False");
        first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray()).Select(f => f.Text("id")).Should().Equal(ids.AsEnumerable().Reverse());
    }

    [Theory, InlineData("fine-tune", true, "purpose"), InlineData("batch", false, "file")]
    public async Task Upload_WithSomethingMissing_IsRefusedInTheShapeThatOpenAisClientsReadAndLeavesNothing(string purpose, bool withFile, string param)
    {
        var before = await BlobsAsync("files/");

        var answer = await UploadAsync(purpose, "a.jsonl", withFile ? new StringContent("{}") : null);

        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        var error = answer.Body.GetProperty("error");
        (error.Text("param"), error.Text("type")).Should().Be((param, "invalid_request_error"));
        (await BlobsAsync("files/")).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task Upload_ThatIsTooLargeOrNoForm_IsRefused()
    {
        await using var host = await ApiHost.StartAsync(options => options.MostFileBytes = 1 << 20);
        using var http = host.Client();
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new ByteArrayContent(new byte[3 << 20]), "file", "big" } };

        (await http.PostAsync("/v1/files", form)).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await http.PostJsonAsync("/v1/files", "{}")).Status.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await http.SendAsync(HttpMethod.Post, "/v1/files", "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbat", type: "text/plain")).Status.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Upload_BeyondWhatAllFilesMayHave_IsRefusedWithWhatIsUsedUntilOneIsDeleted()
    {
        await using var host = await ApiHost.StartAsync(static options => options.MostStoredBytes = 10_000);
        using var http = host.Client();
        Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body)> SendAsync() => UploadAsync("batch", "a", new ByteArrayContent(new byte[6000]), http);
        var first = await SendAsync();

        var refused = await SendAsync();
        var racing = await Task.WhenAll(SendAsync(), SendAsync());
        (await http.SendAsync(HttpMethod.Delete, $"/v1/files/{first.Body.Text("id")}")).Status.Should().Be(HttpStatusCode.OK);
        var second = await SendAsync();

        (first.Status, second.Status).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        refused.Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        refused.Body.GetProperty("error").Text("code").Should().Be("storage_full");
        refused.Body.GetProperty("error").Text("message").Should().Contain("have 6000 bytes of the 10000 that they may have together").And.Contain("DELETE /v1/files");
        racing.Should().OnlyContain(static r => r.Status == HttpStatusCode.RequestEntityTooLarge);
        (await host.Services.GetRequiredService<IBlobStore>().ListAsync("files/").CountAsync()).Should().Be(2, "a refused upload leaves nothing");
    }

    private async Task<(HttpStatusCode Status, System.Text.Json.JsonElement Body)> UploadAsync(string purpose, string name, HttpContent? content, HttpClient? http = null)
    {
        using var form = new MultipartFormDataContent();
        if (content is not null) form.Add(content, "file", name);
        form.Add(new StringContent(purpose, Encoding.UTF8, new MediaTypeHeaderValue("text/plain")), "purpose");
        var answer = await (http ?? server.Http).PostAsync("/v1/files", form);
        return (answer.StatusCode, System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private async Task<List<string>> BlobsAsync(string prefix) => await server.Host.Services.GetRequiredService<IBlobStore>().ListAsync(prefix).ToListAsync();
}
