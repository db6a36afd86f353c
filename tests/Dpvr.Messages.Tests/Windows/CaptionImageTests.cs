using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Messages;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Messages;
using Dpvr.TestKit.Processes;
using MassTransit;

namespace Dpvr.Messages.Tests.Windows;

[Collection(OneBroker.Name)]
public sealed class CaptionImageTests(BrokerFixture fixture)
{
    private BusHost Host => fixture.Host;

    private static string DataOf(int scene) => Convert.ToBase64String(File.ReadAllBytes(Directory.GetFiles(BusHost.Scenes, $"test-{scene:D6}.*").Single()));

    [Fact]
    public async Task CaptionImage_FortyOfThem_AreAnsweredEachToItsSender_AndLeaveNothing()
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(fixture.Broker.ConnectionString);

        for (var i = 0; i < 40; i++)
            await sender.SendAsync(QueueNames.CaptionImage, $$"""{"custom_id":"p{{i}}","data":"{{(i == 7 ? "bm8gcGljdHVyZQ==" : DataOf(i))}}","max_tokens":{{(i == 8 ? 1 : 40)}}}""", $"c{i}", messageId: $"forty-{i}");
        var answers = new Dictionary<string, (JsonElement Body, string? Correlation)>();
        while (answers.Count < 40)
        {
            var (body, properties) = await sender.NextAsync();
            answers[body.GetProperty("custom_id").GetString()!] = (body, properties.CorrelationId);
        }

        answers.Should().OnlyContain(static a => a.Value.Correlation == "c" + a.Key.Substring(1));
        answers["p7"].Body.GetProperty("error").GetProperty("code").GetString().Should().Be("unsupported_format");
        answers["p8"].Body.GetProperty("completion_tokens").GetInt32().Should().Be(1);
        answers.Where(static a => a.Key is not ("p7" or "p8")).Should().OnlyContain(static a => a.Value.Body.GetProperty("text").GetString()!.Length > 10 && a.Value.Body.GetProperty("model").GetString() == "scenes-5m");
        await Until.HasAsync(LeftAsync, static n => n == 0, "windows, their jobs and their keys are removed");
    }

    [Fact]
    public async Task CaptionImage_ByAClientOfTheBusWithAClaimCheck_IsAnswered()
    {
        BrokerFixture.Require();
        await Host.Store.Blobs.PutAsync("pictures/claimed.png", File.ReadAllBytes(Path.Combine(BusHost.Scenes, "test-000000.png")), BlobDurability.Durable);
        var client = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(new Uri(fixture.Broker.ConnectionString)));
        await client.StartAsync();
        try
        {
            var answer = await client.CreateRequestClient<CaptionImage>(Until.Answered).GetResponse<ImageCaptioned>(new CaptionImage { CustomId = "mine", Blob = "pictures/claimed.png" });

            answer.Message.Should().Match<ImageCaptioned>(a => a.CustomId == "mine" && a.Error == null && a.Text!.Length > 10 && a.Width > 0 && a.FinishReason == "stop");
        }
        finally
        {
            await client.StopAsync();
        }
    }

    [Theory]
    [InlineData("""{"custom_id":"x"}""", "exactly one of url, blob and data")]
    [InlineData("""{"custom_id":"x","url":"ftp://a/b"}""", "http or https")]
    [InlineData("""{"custom_id":"x","blob":"pictures/../jobs/a"}""", "below pictures/")]
    [InlineData("""{"custom_id":"x","blob":"keys/a"}""", "below pictures/")]
    [InlineData("""{"custom_id":"x","data":"?"}""", "base64")]
    [InlineData("""{"custom_id":"x","data":"AAAA","max_tokens":0}""", "from 1 to 2048")]
    [InlineData("""{"custom_id":"x","data":"AAAA","model":"other"}""", "scenes-5m")]
    public async Task CaptionImage_ThatCannotBeDone_IsAnsweredWithWhatIsAllowed(string body, string allowed)
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(fixture.Broker.ConnectionString);

        await sender.SendAsync(QueueNames.CaptionImage, body, "c");

        var (answer, properties) = await sender.NextAsync();
        (answer.GetProperty("custom_id").GetString(), properties.CorrelationId).Should().Be(("x", "c"));
        answer.GetProperty("error").GetProperty("message").GetString().Should().Contain(allowed);
    }

    [Fact]
    public async Task CaptionImage_BySampleOfNode_PrintsTheCaptions()
    {
        BrokerFixture.Require();
        var modules = Path.Combine(Repository.Root, "artifacts", "messages");
        Assert.SkipUnless(Programs.Find("node") is not null && File.Exists(Path.Combine(modules, "installed")), "amqplib (npm) is not installed (tests/Dpvr.Messages.Tests/install.sh installs it)");
        var script = Path.Combine(modules, "caption.mjs"); // beside its modules
        File.Copy(Path.Combine(Repository.Root, "samples", "messages", "caption.mjs"), script, overwrite: true);
        string[] pictures = [.. Directory.GetFiles(BusHost.Scenes, "test-*").Order(StringComparer.Ordinal).Take(3)];

        using var node = ChildProcess.Start("node", [script, fixture.Broker.ConnectionString, .. pictures]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var end = await node.EndAsync(patience.Token);

        end.Code.Should().Be(0, end.Error);
        var lines = end.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(static l => l.GetProperty("custom_id").GetString()).Should().BeEquivalentTo(pictures);
        lines.Should().OnlyContain(static l => l.GetProperty("text").GetString()!.Length > 10 && l.GetProperty("correlation").GetString()!.StartsWith("picture-"));
    }

    private async Task<int> LeftAsync()
    {
        var left = 0;
        foreach (var folder in (string[])["bus/", "windows/"])
            await foreach (var key in Host.Store.Blobs.ListAsync(folder))
                if (folder == "windows/" || key.Contains("/windows/", StringComparison.Ordinal)) left++;
        foreach (var job in await Host.Store.ListJobsAsync())
            if (await Host.Store.ReadSpecAsync(job) is { Source.Kind: SourceKinds.Requests }) left++;
        return left;
    }
}
