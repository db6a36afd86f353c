using Dpvr.Contracts.Jobs;
using Dpvr.Data;
using Dpvr.Data.Jobs;
using Dpvr.Data.Tests;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Launch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Tests.Hosting;

public sealed class DpvrSiloTests(ITestOutputHelper output)
{
    [Fact]
    public async Task AddDpvrSilo_TwiceOnOneMachine_RunsBoth()
    {
        using var source = new TempFolder();
        source.File("a.png");
        using var first = new TempFolder();
        using var second = new TempFolder();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var one = Host(first.Path);
        using var two = Host(second.Path);
        foreach (var host in new[] { one, two })
        {
            var before = System.Diagnostics.Stopwatch.GetTimestamp();
            await host.StartAsync(limit.Token);
            output.WriteLine($"started in {System.Diagnostics.Stopwatch.GetElapsedTime(before).TotalMilliseconds:F0} ms");
        }
        foreach (var host in new[] { one, two })
        {
            var launch = await host.Services.GetRequiredService<JobLauncher>().LaunchAsync(Samples.Spec(source.Path), cancellationToken: limit.Token);
            var worker = new FakeWorker(host.Services.GetRequiredService<IGrainFactory>(), host.Services.GetRequiredService<JobStore>());
            (await worker.RunAsync(launch.Job, limit.Token)).Status.Should().Be(JobStatus.Completed);
            var before = System.Diagnostics.Stopwatch.GetTimestamp();
            await host.StopAsync(limit.Token);
            output.WriteLine($"stopped in {System.Diagnostics.Stopwatch.GetElapsedTime(before).TotalMilliseconds:F0} ms");
        }
    }

    [Fact]
    public async Task ResumeJobsAtStart_AfterAKill_GoesOnByItself()
    {
        using var source = new TempFolder();
        source.File("a.png");
        using var folder = new TempFolder();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        JobId job;
        await using (var cluster = await Cluster.StartAsync(folder.Path))
        {
            job = (await cluster.Launcher.LaunchAsync(Samples.Spec(source.Path))).Job;
            await cluster.KillAsync();
        }
        await using var next = await Cluster.StartAsync(folder.Path, static o => o.ResumeJobsAtStart = true);

        var progress = await next.Worker().RunAsync(job, limit.Token);

        progress.Error.Should().BeNull();
        progress.Status.Should().Be(JobStatus.Completed);
    }

    [Fact]
    public async Task AddDpvrSilo_WithABadOption_RefusesToStart()
    {
        using var folder = new TempFolder();
        using var host = Host(folder.Path, static o => o.SplitParts = 1);

        (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Message.Should().Contain("SplitParts is 1").And.Contain("2 or more");
    }

    private static IHost Host(string folder, Action<DpvrSiloOptions>? configure = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDpvrOutputFolder(folder);
        builder.AddDpvrSilo(configure);
        return builder.Build();
    }
}
