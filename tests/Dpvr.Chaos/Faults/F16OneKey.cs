using System.Net;
using System.Text;
using Dpvr.Chaos.Harness;
using Dpvr.Messages.Tests;
using Dpvr.Silo.Messages;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Faults;

internal sealed class F16OneKey : Fault
{
    public override int Number => 16;

    public override string Words => "the same idempotency key by command line, HTTP and queue at once: one job; with another body it is refused";

    public override bool IsSlow => true;

    public override async Task RunAsync(ChaosRun run)
    {
        await using var broker = await ChaosBroker.StartAsync(run);
        var port = FreePort.Next();
        await run.OnClusterAsync(broker.Options with { SiloArguments = [.. broker.Options.SiloArguments, "--http", $"127.0.0.1:{port}"] }, async cluster =>
        {
            const string key = "one for all";
            await using var sender = await Sender.ConnectAsync(broker.Address);
            await Poll.UntilAsync(() => sender.IsTakenAsync(QueueNames.SubmitJob), TimeSpan.FromSeconds(60), "the silo takes messages");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

            var byLine = SubmitAsync(port, key, broker.Picture);
            var byHttp = PostAsync(http, key, Plain(broker));
            await sender.SendAsync(QueueNames.SubmitJob, $$"""{"idempotency_key":"{{key}}",{{Plain(broker)[1..]}}""");
            var byQueue = (await sender.NextAsync()).Body.GetProperty("job").GetString();
            var (status, body) = await byHttp;

            status.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
            body.Should().Contain(byQueue!);
            (await byLine).Should().Contain(byQueue!);
            (await cluster.Store.ListJobsAsync()).Should().ContainSingle();
            (await PostAsync(http, key, """{"source":{"root":"pictures"}}""")).Status.Should().Be(HttpStatusCode.Conflict);
            await sender.SendAsync(QueueNames.SubmitJob, $$$"""{"idempotency_key":"{{{key}}}","source":{"root":"pictures"}}""");
            (await sender.NextAsync()).Body.GetProperty("code").GetString().Should().Be("idempotency_key_reused");
        });
    }

    private static string Plain(ChaosBroker broker) => $$$"""{"source":{"root":"pictures","globs":["{{{broker.Picture}}}"]}}""";

    private static async Task<string> SubmitAsync(int port, string key, string picture)
    {
        using var submit = DpvrProcess.Start("submit", "pictures", "--glob", picture, "--server", $"http://127.0.0.1:{port}", "--idempotency-key", key);
        var end = await submit.EndAsync();
        end.Code.Should().Be(0, end.Error);
        return end.Out;
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient http, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
