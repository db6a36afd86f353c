using System.Net;
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
