using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Messages;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Messages;
using Dpvr.Silo.Messages.Counts;
using Dpvr.TestKit.Processes;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Dpvr.Messages.Tests.Jobs;

[Collection(OneBroker.Name)]
public sealed class SubmitJobTests(BrokerFixture fixture)
{
    private BusHost Host => fixture.Host;

    private string Broker => fixture.Broker.ConnectionString;

    [Fact]
    public async Task SubmitJob_ByAClientOfTheBus_IsAcceptedAndAnnouncedToItsEnd()
    {
        BrokerFixture.Require();
        await using var listener = await Sender.ConnectAsync(Broker, nameof(JobCompleted));
        var client = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(new Uri(Broker)));
        await client.StartAsync();
        try
        {
            var answer = await client.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted, JobRejected>(new SubmitJob
            {
                CustomId = "order 7", Source = new JobSource { Root = "one" }, Prompts = [new JobPrompt { Text = "What is there?" }], Sampling = new JobSampling { MaxNewTokens = 4 },
            });

            answer.Is(out Response<JobAccepted>? accepted).Should().BeTrue();
            accepted!.Message.Should().Match<JobAccepted>(a => a.CustomId == "order 7" && a.IsNew);
            (await Host.Store.ReadSpecAsync(new JobId(accepted.Message.Job)))!.Prompts.Should().ContainSingle(p => p.Text == "What is there?");
            var (end, _) = await listener.NextAsync(m => m.GetProperty("job").GetString() == accepted.Message.Job);
            (end.GetProperty("custom_id").GetString(), end.GetProperty("status").GetString(), end.GetProperty("succeeded").GetInt32()).Should().Be(("order 7", "completed", 1));
        }
        finally
        {
            await client.StopAsync();
        }
    }

    [Fact]
    public async Task SubmitJob_OfAnUnknownRoot_IsRejectedWithTheMember()
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(Broker);

        await sender.SendAsync(QueueNames.SubmitJob, """{"custom_id":"c","source":{"root":"elsewhere"}}""", "c-1");

        var (answer, properties) = await sender.NextAsync();
        (properties.CorrelationId, properties.Type).Should().Be(("c-1", nameof(JobRejected)));
        (answer.GetProperty("custom_id").GetString(), answer.GetProperty("field").GetString(), answer.GetProperty("value").GetString()).Should().Be(("c", "source.root", "elsewhere"));
        answer.GetProperty("allowed").GetString().Should().Contain("scenes");
    }

    [Fact]
    public async Task SubmitJob_WithAKeyThatTheSiloCouldMake_IsRejected()
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(Broker);

        await sender.SendAsync(QueueNames.SubmitJob, """{"idempotency_key":"message:1","source":{"root":"one"}}""");

        var (answer, _) = await sender.NextAsync();
        (answer.GetProperty("code").GetString(), answer.GetProperty("field").GetString(), answer.GetProperty("value").GetString()).Should().Be(("reserved_key", "idempotency_key", "message:1"));
    }

    [Fact]
    public async Task SubmitJob_TwiceByAmqpPublishWithoutAKey_IsOneJob()
    {
        BrokerFixture.Require();
        Assert.SkipUnless(Programs.Find("amqp-publish") is not null, "amqp-publish is not installed (Debian: apt-get install amqp-tools)");
        await using var listener = await Sender.ConnectAsync(Broker, nameof(JobAccepted));
        var body = """{"custom_id":"by amqp-publish","source":{"root":"one"},"sampling":{"max_new_tokens":2}}""";

        for (var i = 0; i < 2; i++)
        {
            using var publish = ChildProcess.Start("amqp-publish", [$"--url={Broker}", "-r", QueueNames.SubmitJob, "-C", "application/json", "-p", "-b", body]);
            var end = await publish.EndAsync();
            end.Code.Should().Be(0, end.Error);
        }

        var (first, _) = await listener.NextAsync(static m => m.TryGetProperty("custom_id", out var id) && id.GetString() == "by amqp-publish");
        var (second, _) = await listener.NextAsync(static m => m.TryGetProperty("custom_id", out var id) && id.GetString() == "by amqp-publish");
        second.GetProperty("job").GetString().Should().Be(first.GetProperty("job").GetString());
        (first.GetProperty("is_new").GetBoolean(), second.GetProperty("is_new").GetBoolean()).Should().BeOneOf((true, false), (false, true));
    }

    [Fact]
    public async Task SubmitJob_WithAKeyThatHttpHad_IsThatJob_AndWithAnotherBodyIsRejected()
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(Broker);
        using var http = new HttpClient { BaseAddress = new Uri(Host.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/jobs") { Content = JsonContent.Create(new { source = new { root = "one" }, metadata = new { a = "1" } }) };
        request.Headers.Add("Idempotency-Key", "one for all");
        using var created = await http.SendAsync(request);
        var job = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        await sender.SendAsync(QueueNames.SubmitJob, """{"idempotency_key":"one for all","source":{"root":"one"},"metadata":{"a":"1"}}""");
        var (same, _) = await sender.NextAsync();
        await sender.SendAsync(QueueNames.SubmitJob, """{"idempotency_key":"one for all","source":{"root":"one"},"priority":1}""");
        var (other, _) = await sender.NextAsync();

        (same.GetProperty("job").GetString(), same.GetProperty("is_new").GetBoolean()).Should().Be((job, false));
        (other.GetProperty("code").GetString(), other.GetProperty("job").GetString()).Should().Be(("idempotency_key_reused", job));
    }

    [Fact]
    public async Task CancelJob_OfARunningJob_AnswersWhereItStands_AndOfNoneIsRejected()
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(Broker);
        // Eight questions about each picture: it has not ended before it is cancelled.
        var questions = string.Join(',', Enumerable.Range(0, 8).Select(static i => $$"""{"name":"q{{i}}","text":"Question {{i}}?"}"""));
        await sender.SendAsync(QueueNames.SubmitJob, $$"""{"source":{"root":"scenes"},"priority":-1000,"prompts":[{{questions}}]}""");
        var job = (await sender.NextAsync()).Body.GetProperty("job").GetString();

        await sender.SendAsync(QueueNames.PauseJob, $$"""{"job":"{{job}}"}""");
        (await sender.NextAsync()).Body.GetProperty("paused").GetBoolean().Should().BeTrue();
        await sender.SendAsync(QueueNames.ResumeJob, $$"""{"job":"{{job}}"}""");
        (await sender.NextAsync()).Body.GetProperty("paused").GetBoolean().Should().BeFalse();
        await sender.SendAsync(QueueNames.CancelJob, $$"""{"job":"{{job}}","custom_id":"bye"}""");
        var (cancelled, _) = await sender.NextAsync();
        await sender.SendAsync(QueueNames.CancelJob, """{"job":"none"}""");
        var (none, _) = await sender.NextAsync();

        (cancelled.GetProperty("custom_id").GetString(), cancelled.GetProperty("status").GetString()).Should().BeOneOf(("bye", "cancelling"), ("bye", "finalizing"), ("bye", "cancelled"));
        (await Until.HasAsync(async () => (await Host.Store.ReadEndAsync(new JobId(job!)))?.Status, static status => status is not null, "it ends")).Should().Be(JobStatus.Cancelled);
        (none.GetProperty("code").GetString(), none.GetProperty("field").GetString()).Should().Be(("not_found", "job"));
    }

    [Theory, InlineData("this is no JSON"), InlineData("""{"sauce":{"root":"one"}}"""), InlineData("""{"source":{"root":"nowhere"}}""")]
    public async Task SubmitJob_ThatCannotBeDoneAndAsksForNoAnswer_GoesToTheErrorsWithItsReason(string body)
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(Broker);

        await sender.SendAsync(QueueNames.SubmitJob, body, replies: false);

        var errors = QueueNames.ErrorOf(QueueNames.SubmitJob);
        await Until.HasAsync(() => Task.FromResult(Host.Services.GetRequiredService<QueueCounts>().Queues.GetValueOrDefault(errors)), static n => n == 1, "the error is counted");
        var health = await Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        health.Entries["queues"].Should().Match<HealthReportEntry>(e => e.Status == HealthStatus.Degraded && e.Description!.Contains($"1 in {errors}"));
        var put = await Until.HasAsync(() => sender.TakeAsync(errors), static m => m is not null, "it lies there");
        Encoding.UTF8.GetString(put!.Body.Span).Should().Be(body);
        put.BasicProperties.Headers!.Keys.Should().Contain("MT-Fault-Message");
        await Until.HasAsync(() => Task.FromResult(Host.Services.GetRequiredService<QueueCounts>().Troubled.Count(q => q.Key == errors)), static n => n == 0, "it is counted no more");
    }

    [Fact]
    public async Task Message_OfATypeThatNobodyKnows_IsSkippedAndCounted()
    {
        BrokerFixture.Require();
        await using var sender = await Sender.ConnectAsync(Broker);
        var envelope = """{"messageId":"0f9d1c52-6a3c-4c1e-9a49-0a5a6fcf8f01","messageType":["urn:message:Elsewhere:Unknown"],"message":{"a":1}}""";

        await sender.SendAsync(QueueNames.SubmitJob, envelope, replies: false, type: "application/vnd.masstransit+json");

        var skipped = QueueNames.SkippedOf(QueueNames.SubmitJob);
        await Until.HasAsync(() => Task.FromResult(Host.Services.GetRequiredService<QueueCounts>().Queues.GetValueOrDefault(skipped)), static n => n == 1, "it is counted");
        (await sender.TakeAsync(skipped)).Should().NotBeNull();
    }

    [Fact]
    public async Task Message_WhoseConsumersDieAgainAndAgain_IsDeadAndNotLost()
    {
        BrokerFixture.Require();
        var broker = fixture.Broker.TakeVirtualHost();
        using var folder = new TempFolder();
        await using (await BusHost.StartIdleAsync(folder.Of("store"), broker, static o => o.DeliveryLimit = BrokerFixture.DeliveryLimit)) { } // makes the queues
        await using var sender = await Sender.ConnectAsync(broker);
        // A consumer that the broker has not yet heard the end of would be given the message, and hold it.
        await Until.HasAsync(() => sender.IsTakenAsync(QueueNames.SubmitJob), static taken => !taken, "nobody takes from the queue");
        await sender.SendAsync(QueueNames.SubmitJob, """{"custom_id":"poison","source":{"root":"one"}}""", replies: false);

        for (var i = 0; i <= BrokerFixture.DeliveryLimit; i++)
        {
            await using var dies = await sender.OpenAsync();
            var got = await Until.HasAsync(() => dies.BasicGetAsync(QueueNames.SubmitJob, autoAck: false), static m => m is not null, $"delivery {i + 1}");
            Encoding.UTF8.GetString(got!.Body.Span).Should().Contain("poison");
        } // and its channel is gone without an acknowledgement

        var dead = await Until.HasAsync(() => sender.TakeAsync(QueueNames.Dead), static m => m is not null, "it is dead");
        Encoding.UTF8.GetString(dead!.Body.Span).Should().Contain("poison");
        (await sender.CountAsync(QueueNames.SubmitJob)).Should().Be(0);
    }
}
