using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data;
using Dpvr.Silo.Hosting;
using Dpvr.Silo.Launch;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Workers.Tests;

/// <summary>A real silo and a real worker over a real folder; only the engine is a test's.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public WorkerStatus Status => _host.Services.GetRequiredService<WorkerStatus>();

    public static async Task<TestHost> StartAsync(string output, Func<ICaptionEngine> engine, int leaseSeconds = 60, Action<DpvrSiloOptions>? configure = null, Func<IIncomingGrainCallContext, Task>? onCall = null, Action<WorkerOptions>? worker = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddDpvrOutputFolder(output);
        builder.AddDpvrSilo(silo =>
        {
            (silo.ExclusiveStore, silo.LeaseDuration) = (true, TimeSpan.FromSeconds(leaseSeconds));
            configure?.Invoke(silo);
        });
        if (onCall is not null) builder.Services.AddSingleton<IIncomingGrainCallFilter>(new Calls(onCall));
        builder.Services.AddSingleton<IEngineFactory>(new Factory(engine));
        builder.Services.AddDpvrWorker(worker);
        var host = builder.Build();
        await host.StartAsync();
        return new TestHost(host);
    }

    public async Task<JobId> LaunchAsync(JobSpec spec) => (await _host.Services.GetRequiredService<JobLauncher>().LaunchAsync(spec)).Job;

    public IJobGrain Job(JobId job) => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(job.Value);

    public async Task<JobProgress> UntilAsync(JobId job, Func<JobProgress, bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var progress = await Job(job).StatusAsync();
            if (holds(progress)) return progress;
            await timer.WaitForNextTickAsync();
        }
    }

    public Task<JobProgress> EndAsync(JobId job) => UntilAsync(job, p => p.Status.IsTerminal());

    public Task DrainAsync() => _host.Services.DrainDpvrWorkerAsync(default);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    private sealed class Calls(Func<IIncomingGrainCallContext, Task> onCall) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => onCall(context);
    }

    private sealed class Factory(Func<ICaptionEngine> create) : IEngineFactory
    {
        public ICaptionEngine Create(JobSpec job) => create();
    }
}
