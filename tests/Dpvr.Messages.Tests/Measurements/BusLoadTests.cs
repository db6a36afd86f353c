using System.Diagnostics;
using System.Globalization;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages;
using Dpvr.Silo.Models;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Messages.Tests.Measurements;

/// <summary>
/// Not a test but a measurement (docs/benchmarks.md): <c>DPVR_BUS_LOAD=1</c> runs it. A batch of pictures, the same number by messages at once, then messages at a tenth, a half and
/// nine tenths of the batch's rate, then submissions of jobs. Every picture is another: none is answered from an earlier answer.
/// </summary>
public sealed class BusLoadTests(ITestOutputHelper log)
{
    private const int Batch = 512, Submissions = 300;
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(20);
    private int _next;
    private string[] _pictures = [];

    [Fact, Trait("Category", "Slow")]
    public async Task Messages_AgainstABatch_KeepItsRate()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DPVR_BUS_LOAD") == "1", "a measurement: DPVR_BUS_LOAD=1 runs it");
        BrokerFixture.Require();
        using var folder = new TempFolder();
        await GenerateAsync(folder.Of("all"), int.Parse(Environment.GetEnvironmentVariable("DPVR_BUS_LOAD_PICTURES") ?? "4000", CultureInfo.InvariantCulture));
        _pictures = [.. Directory.EnumerateFiles(folder.Of("all"), "*.png").Order(StringComparer.Ordinal)];
        Directory.CreateDirectory(folder.Of("one"));
        File.Copy(_pictures[_next++], folder.Of("one/picture.png"));
        await using var broker = await RabbitServer.StartAsync();
        await using var host = await BusHost.StartAsync(folder.Of("store"), broker.ConnectionString, new Dictionary<string, string> { ["one"] = folder.Of("one") }, threads: Environment.ProcessorCount);
        await BatchAsync(host, folder.Of("warm"), 64);

        var rate = await BatchAsync(host, folder.Of("batch"), Batch);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"batch of {Batch}: {rate:F1} images/s"));
        await using var sender = await LoadSender.ConnectAsync(broker.ConnectionString);
        var full = await sender.RunAsync(Take(Batch), double.PositiveInfinity);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Batch} messages at once: {full.Rate:F1} images/s, {100 * full.Rate / rate:F0} % of the batch"));
        foreach (var share in (double[])[0.1, 0.5, 0.9])
        {
            var some = await sender.RunAsync(Take((int)(rate * share * s_each.TotalSeconds)), rate * share);
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} % ({rate * share:F1}/s, {some.Count} messages): p50 {some.P50.TotalMilliseconds:F0} ms, p99 {some.P99.TotalMilliseconds:F0} ms"));
        }
        var accepted = await SubmissionsAsync(broker.ConnectionString);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Submissions} submissions of jobs: {accepted:F0} accepted/s"));
        full.Rate.Should().BeGreaterThan(0.8 * rate, "continuous batching keeps four fifths of the batch's rate");
    }

    private static async Task GenerateAsync(string folder, int count)
    {
        using var make = DpvrProcess.Start("scenes", "generate", folder, "--count", $"{count}", "--format", "png");
        var end = await make.EndAsync();
        end.Code.Should().Be(0, end.Out + end.Error);
    }

    private List<string> Take(int count)
    {
        (_next + count).Should().BeLessThanOrEqualTo(_pictures.Length, "DPVR_BUS_LOAD_PICTURES sets a greater number");
        _next += count;
        return [.. _pictures.AsSpan(_next - count, count)];
    }

    private async Task<double> BatchAsync(BusHost host, string folder, int count)
    {
        Directory.CreateDirectory(folder);
        foreach (var picture in Take(count)) File.Copy(picture, Path.Combine(folder, Path.GetFileName(picture)));
        var choice = host.Services.GetRequiredService<IModelCatalog>().Choose(null, null, null);
        // The same room as windows have, so that both use one engine.
        var spec = ChatSpecs.Of(choice, "Describe the image.", new SamplingSpec(), "") with { Source = new SourceSpec { Root = folder }, Prompts = [new PromptSpec("caption", "Describe the image.")], Limits = null, ShardSize = 32 };
        var begun = Stopwatch.GetTimestamp();
        var job = (await host.Services.GetRequiredService<JobIntake>().SubmitAsync(new JobSubmission { Spec = spec })).Job;
        await Until.HasAsync(() => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(job.Value).StatusAsync(), static p => p.Status.IsTerminal(), "the batch ends", seconds: 120);
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<double> SubmissionsAsync(string broker)
    {
        await using var sender = await Sender.ConnectAsync(broker);
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Submissions).Select(i => sender.SendAsync(QueueNames.SubmitJob, $$$"""{"idempotency_key":"load-{{{i}}}","source":{"root":"one"},"sampling":{"max_new_tokens":1}}""")));
        for (var i = 0; i < Submissions; i++) await sender.NextAsync(static m => m.TryGetProperty("is_new", out _));
        return Submissions / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
