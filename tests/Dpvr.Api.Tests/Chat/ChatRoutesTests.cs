using System.Net;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Dpvr.Api.Tests.Chat;

[Collection(OneServer.Name)]
public sealed class ChatRoutesTests(OpenServer server)
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"no picture"}]}""", "messages")]
    [InlineData("""{"n":2,"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}""", "n")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]}""", "messages[0].content[1].image_url.url")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,!"}}]}]}""", "messages[0].content[1].image_url.url")]
    public async Task Answer_ToSomethingElse_IsRefusedByTheNameOfTheField(string body, string param)
    {
        var model = server.Host.Services.GetRequiredService<IModelCatalog>().Models[0].Name;

        var answer = await server.Http.PostJsonAsync("/v1/chat/completions", $$"""{"model":"{{model}}",{{body[1..]}}""");

        (answer.Status, answer.Body.GetProperty("error").Text("param")).Should().Be((HttpStatusCode.BadRequest, param));
    }

    [Fact]
    public async Task Answer_AboutAPictureOfAHostThatIsNotPublic_IsRefused()
    {
        var model = server.Host.Services.GetRequiredService<IModelCatalog>().Models[0].Name;

        var answer = await server.Http.PostJsonAsync("/v1/chat/completions", $$$"""{"model":"{{{model}}}","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"{{{server.Host.Address}}}/a.png"}}]}]}""");

        (answer.Status, answer.Body.GetProperty("error").Text("code")).Should().Be((HttpStatusCode.BadRequest, "url_blocked"));
    }

    [Fact]
    public async Task Answer_WithAStop_EndsBeforeIt()
    {
        var whole = Choice(await AskAsync(""));
        var word = whole.GetProperty("message").Text("content").Split(' ')[2];

        var cut = Choice(await AskAsync($$""","stop":[" {{word}}"]"""));

        cut.GetProperty("message").Text("content").Should().Be(whole.GetProperty("message").Text("content").Split($" {word}")[0]);
        cut.Text("finish_reason").Should().Be("stop");

        static JsonElement Choice(string answer) => JsonDocument.Parse(answer).RootElement.GetProperty("choices")[0];
    }

    [Fact]
    public async Task Answer_InPieces_HasEveryMemberThatClientsRequire()
    {
        var answer = await AskAsync(""","stream":true""");

        var pieces = answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line["data: ".Length..]).ToList();
        pieces[^1].Should().Be("[DONE]");
        var ends = pieces[..^1].Select(static p => JsonDocument.Parse(p).RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString()).ToList();
        ends[^1].Should().Be("stop");
        ends[..^1].Should().HaveCountGreaterThan(1).And.OnlyContain(static end => end == null);
    }

    private async Task<string> AskAsync(string more)
    {
        var model = server.Host.Services.GetRequiredService<IModelCatalog>().Models[0].Name;
        var picture = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(ApiHost.Scenes, "test-000000.png")));
        using var body = new StringContent(
            $$$"""{"model":"{{{model}}}"{{{more}}},"messages":[{"role":"user","content":[{"type":"text","text":"Describe the image."},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{picture}}}"}}]}]}""", Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/v1/chat/completions", body);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task Answer_OfACluster_IsTheSameAndLeavesNothing()
    {
        var services = server.Host.Services;
        var store = services.GetRequiredService<JobStore>();
        var ask = new ChatAsk
        {
            Model = services.GetRequiredService<IModelCatalog>().Choose(null, null, null),
            Picture = await File.ReadAllBytesAsync(Path.Combine(ApiHost.Scenes, "test-000000.png")),
            Prompt = "Describe the image.",
            Sampling = new SamplingSpec { MaxNewTokens = 40 },
        };
        var before = await store.ListJobsAsync();
        var told = "";

        var byJob = await new JobChat(store, services.GetRequiredService<JobIntake>(), services.GetRequiredService<IGrainFactory>(), TimeProvider.System).AnswerAsync(ask, text => told += text, default);
        var atOnce = await services.GetRequiredService<IChatEngine>().AnswerAsync(ask, null, default);

        byJob.Should().Be(atOnce);
        byJob.Text.Should().NotBeEmpty().And.Be(told);
        (await store.ListJobsAsync()).Should().BeEquivalentTo(before);
        (await services.GetRequiredService<IBlobStore>().ListAsync("chat/").CountAsync()).Should().Be(0);
    }
}
