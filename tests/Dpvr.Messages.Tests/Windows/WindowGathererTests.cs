using System.Text.Json;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Workers;
using Dpvr.Silo.Messages;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Windows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dpvr.Messages.Tests.Windows;

[Collection(OneBroker.Name)]
public sealed class WindowGathererTests(BrokerFixture fixture)
{
    private const int Sent = 100, Size = 4, Windows = 2, AtOnce = Size * (Windows + 1);
    private static readonly TimeSpan s_while = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Flood_WhileNothingIsAnswered_WaitsInTheBroker_AndAStopKeepsWhatWasTaken()
    {
        BrokerFixture.Require();
        using var folder = new TempFolder();
        var broker = fixture.Broker.TakeVirtualHost();
        await using var sender = await Sender.ConnectAsync(broker);
        var picture = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(BusHost.Scenes, "test-000000.png")));
        await using (var idle = await BusHost.StartIdleAsync(folder.Of("store"), broker, static o =>
            (o.DeliveryLimit, o.WindowSize, o.OpenWindows) = (BrokerFixture.DeliveryLimit, Size, Windows)))
        {
            for (var i = 0; i < Sent; i++) await sender.SendAsync(QueueNames.CaptionImage, $$"""{"custom_id":"{{i}}","data":"{{picture}}"}""", messageId: $"flood-{i}");

            // Two windows are jobs and acknowledged; what they may take beyond that is handed out; all else waits.
            const uint wait = Sent - Size * Windows - AtOnce;
            await Until.HasAsync(() => sender.CountAsync(QueueNames.CaptionImage), static n => n == wait, "the broker keeps the rest");
            using var timer = new PeriodicTimer(s_while);
            for (var i = 0; i < 10 && await timer.WaitForNextTickAsync(); i++) (await sender.CountAsync(QueueNames.CaptionImage)).Should().Be(wait);
            (await idle.Store.ListJobsAsync()).Should().HaveCount(Windows);
        }

        var kept = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder.Of("store/bus"), "*.json", SearchOption.AllDirectories))
            kept.AddRange(JsonSerializer.Deserialize(await File.ReadAllTextAsync(file), BusJson.Text.WindowRecord)!.Items.Select(static i => i.CustomId!));
        // Whoever starts next answers them. What was acknowledged may have made room for a few more before the bus had stopped.
        kept.Should().OnlyHaveUniqueItems().And.HaveCountGreaterThanOrEqualTo(Size * Windows + AtOnce);
        await Until.HasAsync(() => sender.CountAsync(QueueNames.CaptionImage), n => n == Sent - kept.Count, "what was handed out was acknowledged when it had become jobs");
    }

    [Fact]
    public async Task Flood_WhenEnginesHaveMoreSlots_IsTakenInLargerParts()
    {
        BrokerFixture.Require();
        using var folder = new TempFolder();
        var broker = fixture.Broker.TakeVirtualHost();
        await using var sender = await Sender.ConnectAsync(broker);
        await using var idle = await BusHost.StartIdleAsync(folder.Of("store"), broker, static o => (o.DeliveryLimit, o.WindowSize) = (BrokerFixture.DeliveryLimit, Size));
        for (var i = 0; i < Sent; i++) await sender.SendAsync(QueueNames.CaptionImage, $$"""{"custom_id":"{{i}}","url":"https://example.org/{{i}}.png"}""", messageId: $"slots-{i}");
        const uint few = Sent - Size * BusOptions.LeastWindows - Size * (BusOptions.LeastWindows + 1);
        await Until.HasAsync(() => sender.CountAsync(QueueNames.CaptionImage), static n => n == few, "what the least windows take");

        var options = idle.Services.GetRequiredService<IOptions<BusOptions>>().Value;
        const int slots = 10;
        var windows = options.WindowsFor(slots);
        var directory = idle.Services.GetRequiredService<IGrainFactory>().GetGrain<IWorkerDirectoryGrain>(0);
        await directory.ReportAsync(new WorkerReport { Name = "worker", Slots = slots });

        await Until.HasAsync(() => sender.CountAsync(QueueNames.CaptionImage), n => n == (uint)(Sent - Size * windows - options.PicturesOf(windows)), "what windows for all slots take");
        (await idle.Store.ListJobsAsync()).Should().HaveCount(windows);
    }
}
