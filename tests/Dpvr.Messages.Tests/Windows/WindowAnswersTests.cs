using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Messages;
using Dpvr.Contracts.Shards;
using Dpvr.Silo.Messages;
using Dpvr.Silo.Messages.Jobs;
using Dpvr.Silo.Messages.Windows;
using Dpvr.Silo.Models;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Messages.Tests.Windows;

/// <summary>Messages that stay in the process: as much of the way as needs no broker.</summary>
public sealed class WindowAnswersTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private BusHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await BusHost.StartAsync(_folder.Of("store"), broker: null);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_AfterASiloDiedWithAWindow_AnswersIt()
    {
        var heard = new TaskCompletionSource<ImageCaptioned>(TaskCreationOptions.RunContinuationsAsynchronously);
        await ListenAsync<ImageCaptioned>(m => heard.TrySetResult(m));
        var store = _host.Store.Blobs;

        await LeaveWindowAsync();

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(120))).Should().Match<ImageCaptioned>(a => a.CustomId == "left behind" && a.Text!.Length > 10);
        await Until.HasAsync(async () => await store.ListAsync("bus/").CountAsync() + await store.ListAsync("windows/").CountAsync(), static n => n == 0, "nothing is left");
    }

    [Fact]
    public async Task TakeOver_WhenALaterRecordFails_AnswersTheEarlierOnes()
    {
        var heard = new TaskCompletionSource<ImageCaptioned>(TaskCreationOptions.RunContinuationsAsynchronously);
        await ListenAsync<ImageCaptioned>(m => heard.TrySetResult(m));
        await _host.Store.Blobs.PutAsync("bus/S127.0.0.1-1-1/windows/w2.json", "no record"u8.ToArray()); // listed after w1

        await LeaveWindowAsync();

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(120))).CustomId.Should().Be("left behind");
    }

    [Fact]
    public async Task CaptionImage_WhoseSenderCannotBeReached_KeepsNobodyWaiting()
    {
        using var folder = new TempFolder();
        await using var host = await BusHost.StartAsync(folder.Of("store"), broker: null, configure: static options => options.OpenWindows = 1);
        var picture = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(BusHost.Scenes, "test-000000.png")));
        var queue = await host.Bus.GetSendEndpoint(new Uri($"queue:{QueueNames.CaptionImage}"));
        await queue.Send(new CaptionImage { CustomId = "lost", Data = picture }, static context => context.ResponseAddress = new Uri("http://nowhere.invalid/"));
        await Until.HasAsync(async () => await host.Store.Blobs.ListAsync("windows/").CountAsync(), static n => n > 0, "the one window that may be open is taken");

        var answer = await host.Bus.CreateRequestClient<CaptionImage>(Until.Answered).GetResponse<ImageCaptioned>(new CaptionImage { CustomId = "next", Data = picture });

        answer.Message.CustomId.Should().Be("next");
    }

    [Fact]
    public async Task CaptionImage_ThatComesWhenTheHostStops_IsInItsWindow()
    {
        var (services, key) = (_host.Services, Guid.NewGuid().ToString("n"));
        services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var picture = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(BusHost.Scenes, "test-000000.png")));
        var (model, pending) = services.GetRequiredService<PictureReader>().Read(new CaptionImage { CustomId = "late", Data = picture }, key, null);

        await services.GetRequiredService<WindowGatherer>().AddAsync(model, pending);

        var rows = await _host.Store.Blobs.ListAsync("windows/").Where(static k => k.EndsWith("/requests.jsonl", StringComparison.Ordinal)).SingleAsync();
        File.ReadLines(_folder.Of("store", rows)).Should().ContainSingle("its message is acknowledged, and nobody will send it again");
    }

    [Fact]
    public async Task Start_AfterASiloDiedWithAJob_AnnouncesItsEnd()
    {
        var heard = new TaskCompletionSource<JobCompleted>(TaskCreationOptions.RunContinuationsAsynchronously);
        await ListenAsync<JobCompleted>(m => heard.TrySetResult(m));
        var accepted = await _host.Bus.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted>(new SubmitJob { Source = new JobSource { Root = "scenes", Globs = ["*0.png"] }, Sampling = new JobSampling { MaxNewTokens = 2 } });
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(120));
        heard = new TaskCompletionSource<JobCompleted>(TaskCreationOptions.RunContinuationsAsynchronously);
        var note = new JobNote { Job = accepted.Message.Job, CustomId = "left behind" };

        await _host.Store.Blobs.PutAsync($"bus/S127.0.0.1-1-1/jobs/{note.Job}.json", JsonSerializer.SerializeToUtf8Bytes(note, BusJson.Text.JobNote));

        (await heard.Task.WaitAsync(TimeSpan.FromSeconds(120))).Should().Match<JobCompleted>(c => c.Job == note.Job && c.CustomId == "left behind" && c.Status == "completed");
    }

    [Fact]
    public async Task CaptionImage_OfAWindowWhoseJobIsCancelled_IsAnsweredSo()
    {
        var board = _host.Services.GetRequiredService<IGrainFactory>();
        // A job that holds the only worker for a while.
        await _host.Bus.CreateRequestClient<SubmitJob>(Until.Answered).GetResponse<JobAccepted>(new SubmitJob { Source = new JobSource { Root = "scenes" }, Priority = 1000 });
        var asked = _host.Bus.CreateRequestClient<CaptionImage>(Until.Answered).GetResponse<ImageCaptioned>(new CaptionImage { CustomId = "c", Data = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(BusHost.Scenes, "test-000000.png"))) });
        var window = (await Until.HasAsync(WindowJobAsync, static j => j is not null, "there is a window"))!.Value;

        await board.GetGrain<Dpvr.Contracts.Grains.IJobGrain>(window.Value).CancelAsync();

        (await asked).Message.Should().Match<ImageCaptioned>(a => a.CustomId == "c" && (a.Error == null || a.Error.Code == "cancelled"));
    }

    // Ready: what is published before the listener's queue is bound goes to nobody.
    private Task ListenAsync<T>(Action<T> heard) where T : class => _host.Bus.ConnectReceiveEndpoint("listener", endpoint => endpoint.Handler<T>(context =>
    {
        heard(context.Message);
        return Task.CompletedTask;
    })).Ready;

    // What a silo leaves that died when its window was written, and before it was answered.
    private async Task LeaveWindowAsync()
    {
        var store = _host.Store.Blobs;
        await store.PutAsync("windows/w1/0", File.ReadAllBytes(Path.Combine(BusHost.Scenes, "test-000000.png")));
        await store.PutAsync("windows/w1/requests.jsonl", """{"custom_id":"0","image":"store:windows/w1/0","prompt":"Describe the image."}"""u8.ToArray());
        var choice = _host.Services.GetRequiredService<IModelCatalog>().Choose(null, null, null);
        var spec = Dpvr.Silo.Chat.ChatSpecs.Of(choice, "", new SamplingSpec(), "store:windows/w1/requests.jsonl");
        var record = new WindowRecord { Id = "w1", Spec = spec, Items = [new WindowItem("left behind", null)] };
        await store.PutAsync("bus/S127.0.0.1-1-1/windows/w1.json", JsonSerializer.SerializeToUtf8Bytes(record, BusJson.Text.WindowRecord));
    }

    private async Task<JobId?> WindowJobAsync()
    {
        foreach (var job in await _host.Store.ListJobsAsync())
            if (await _host.Store.ReadSpecAsync(job) is { Source.Kind: SourceKinds.Requests }) return job;
        return null;
    }
}
