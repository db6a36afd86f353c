using System.Net.Http.Json;
using System.Text.Json;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Messages;
using Dpvr.Silo.Messages;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Dpvr.Messages.Tests.Jobs;

[Collection(OneBroker.Name)]
public sealed class SubmissionQueueTests(BrokerFixture fixture) : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(30);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SubmitJob_WhenAsManyAreOpenAsMayBe_WaitsForAnEnd()
    {
        await using var host = await BusHost.StartAsync(_folder.Of("store"), broker: null, configure: static o => o.RoomLook = s_look, api: static o => o.MostOpenJobs = 1);
        var first = await SubmitAsync(host, "first");
        await PauseAsync(host, first.Job);

        var waiting = Enumerable.Range(0, 3).Select(i => SubmitAsync(host, $"next-{i}")).ToList();
        (await SubmitAsync(host, "first")).Should().Match<JobAccepted>(a => !a.IsNew && a.Job == first.Job, "a job that is known needs no room");
        (await host.Store.ListJobsAsync()).Should().HaveCount(1);
        await CancelAsync(host, first.Job);

        for (var open = waiting; open.Count > 0;)
        {
            var taken = await Task.WhenAny(open);
            open.Remove(taken);
            await CancelAsync(host, (await taken).Job);
        }
        (await host.Store.ListJobsAsync()).Should().HaveCount(4);
    }

    [Fact]
    public async Task SubmitJob_ThatWaitedLongEnough_IsRejected()
    {
        await using var host = await BusHost.StartAsync(_folder.Of("store"), broker: null, configure: static o => (o.RoomLook, o.RoomPatience) = (s_look, 5 * s_look), api: static o => o.MostOpenJobs = 1);
        await PauseAsync(host, (await SubmitAsync(host, "first")).Job);

        var answer = await host.Bus.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted, JobRejected>(Of("second"));

        answer.Is(out Response<JobRejected>? rejected).Should().BeTrue();
        rejected!.Message.Should().Match<JobRejected>(r => r.Code == "too_many_jobs" && r.Allowed == "1 open jobs");
    }

    [Fact]
    public async Task Stop_WhileASubmissionWaits_LeavesItToTheBroker()
    {
        BrokerFixture.Require();
        var broker = fixture.Broker.TakeVirtualHost();
        await using var sender = await Sender.ConnectAsync(broker);
        await using (var idle = await BusHost.StartIdleAsync(_folder.Of("store"), broker, static o => o.DeliveryLimit = BrokerFixture.DeliveryLimit, o => (o.MostOpenJobs, o.Roots["one"]) = (1, fixture.One)))
        {
            await sender.SendAsync(QueueNames.SubmitJob, """{"idempotency_key":"stop-1","source":{"root":"one"}}""", replies: false);
            await Until.HasAsync(async () => (await idle.Store.ListJobsAsync()).Count, static n => n == 1, "the first is a job");
            await sender.SendAsync(QueueNames.SubmitJob, """{"idempotency_key":"stop-2","source":{"root":"one"}}""", replies: false);
            await Until.HasAsync(() => sender.CountAsync(QueueNames.SubmitJob), static n => n == 0, "the second was handed out");
        }

        (await sender.CountAsync(QueueNames.SubmitJob)).Should().Be(1);
        (await sender.CountAsync(QueueNames.ErrorOf(QueueNames.SubmitJob))).Should().Be(0);
    }

    [Fact]
    public async Task SubmitJob_OfAnUploadedFile_AsksWhatItsRowsAsk_AndHoldsTheFile()
    {
        await using var host = await BusHost.StartAsync(_folder.Of("store"), broker: null);
        using var http = new HttpClient { BaseAddress = new Uri(host.Address) };
        using var form = new MultipartFormDataContent { { new StringContent("user_data"), "purpose" }, { new StringContent("""{"custom_id":"1","image":"http://127.0.0.1:1/a.png","prompt":"What is it?"}"""), "file", "rows.jsonl" } };
        using var uploaded = await http.PostAsync("v1/files", form);
        var file = (await uploaded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        var accepted = await host.Bus.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted>(new SubmitJob { Source = new JobSource { File = file }, Priority = -1000 });
        var none = await host.Bus.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted, JobRejected>(new SubmitJob { Source = new JobSource { File = "file-none" } });

        (await host.Store.Blobs.ExistsAsync($"files/{file}/used-by/{accepted.Message.Job}")).Should().BeTrue();
        none.Is(out Response<JobRejected>? rejected).Should().BeTrue();
        rejected!.Message.Field.Should().Be("source.file");
        var view = await http.GetFromJsonAsync<JsonElement>($"api/jobs/{accepted.Message.Job}");
        view.GetProperty("source").GetString().Should().Be(file);
    }

    private static SubmitJob Of(string key) => new() { IdempotencyKey = key, Source = new JobSource { Root = "scenes" }, Priority = -1000 };

    private static async Task<JobAccepted> SubmitAsync(BusHost host, string key) => (await host.Bus.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted>(Of(key))).Message;

    private static IJobGrain Job(BusHost host, string job) => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(job);

    private static Task PauseAsync(BusHost host, string job) => Job(host, job).PauseAsync();

    private static async Task CancelAsync(BusHost host, string job)
    {
        await Job(host, job).CancelAsync();
        await Until.HasAsync(() => Job(host, job).StatusAsync(), static p => p.Status.IsTerminal(), "it has ended");
    }
}
