using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Requests;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Silo.Api;
using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Dpvr.Api.Tests.Batches;

[Collection(OneServer.Name)]
public sealed class BatchStepsTests(OpenServer server)
{
    [Fact]
    public async Task Cancel_OfABatchWhoseHostDiedWhenItsJobHadJustBegun_CancelsTheJob()
    {
        var batch = Batch.New();
        var job = await BeginAsync(batch);
        await Batches.ChangeAsync(batch.Id, static s => s with { CancellingAt = 1 }, default);
        await Batches.CreateAsync(batch, default);

        await server.Http.PostJsonAsync($"/v1/batches/{batch.Id}/cancel");

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await server.Http.GetJsonAsync($"/v1/batches/{batch.Id}")).Body.Text("status") == "cancelling") await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        var end = (await server.Http.GetJsonAsync($"/v1/batches/{batch.Id}")).Body;
        (end.Text("status"), end.Text("job")).Should().Be(("cancelled", job));
        (await server.Http.GetJsonAsync($"/api/jobs/{job}")).Body.Text("status").Should().Be("cancelled");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task GiveUp_OfABatchWhoseJobRuns_CancelsTheJob(bool isNoted)
    {
        var batch = Batch.New();
        var job = await BeginAsync(batch);
        if (isNoted) await Batches.ChangeAsync(batch.Id, s => s with { Job = job, InProgressAt = 1 }, default);

        await Steps().GiveUpAsync(batch.Id, cancels: true, default);

        (await Batches.ReadStateAsync(batch.Id, default)).Should().Match<BatchState>(s => s.FailedAt != null && s.Errors!.Count == 1);
        (await server.Http.EventsAsync($"/api/jobs/{job}/events"))[^1].Data.Should().Contain("\"status\":\"cancelled\"");
    }

    [Fact]
    public async Task MoveOn_OfABatchThatIsOverBeforeItBegan_ExpiresIt()
    {
        var batch = Batch.New() with { ExpiresAt = 2 };
        await Batches.CreateAsync(batch, default);

        (await Steps().MoveOnAsync(batch.Id, default)).Should().BeTrue();

        (await Batches.ReadStateAsync(batch.Id, default)).Should().Match<BatchState>(s => s.ExpiredAt != null && s.FailedAt == null && s.Job == null);
    }

    [Fact]
    public async Task MoveOn_OfABatchWhoseJobWasCancelledBeforeItWasPlanned_IsCancelled()
    {
        var services = server.Host.Services;
        var store = services.GetRequiredService<JobStore>();
        var (batch, job) = (Batch.New(), new JobId($"unplanned-{Guid.NewGuid():n}"));
        await store.CreateSpecAsync(job, services.GetRequiredService<JobRequestReader>().Read(new JobRequest { Source = new SourceRequest { Root = "scenes" } }));
        await store.CreateEndAsync(job, new JobEnd { Status = JobStatus.Cancelled, Requests = new Counts() });
        await Batches.ChangeAsync(batch.Id, s => s with { Job = job.Value, InProgressAt = 1, CancellingAt = 2, Counts = new BatchCounts(5, 0, 0) }, default);
        await Batches.CreateAsync(batch, default);

        (await Steps().MoveOnAsync(batch.Id, default)).Should().BeTrue();

        (await Batches.ReadStateAsync(batch.Id, default)).Should().Match<BatchState>(s => s.CancelledAt != null && s.FailedAt == null && s.OutputFileId == null && s.Counts == new BatchCounts(5, 0, 5));
    }

    private BatchStore Batches => new(server.Host.Services.GetRequiredService<IBlobStore>());

    private async Task<string> BeginAsync(BatchRecord batch)
    {
        var services = server.Host.Services;
        var spec = services.GetRequiredService<JobRequestReader>().Read(new JobRequest { Source = new SourceRequest { Root = "scenes" } });
        var job = (await services.GetRequiredService<JobIntake>().SubmitAsync(new JobSubmission { Spec = spec, OwnKey = $"batch:{batch.Id}" })).Job.Value;
        await services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(job).PauseAsync();
        return job;
    }

    private BatchSteps Steps()
    {
        var services = server.Host.Services;
        var (store, intake) = (services.GetRequiredService<JobStore>(), services.GetRequiredService<JobIntake>());
        var desk = new JobDesk(store, services.GetRequiredService<IGrainFactory>(), intake, services.GetRequiredService<SourceRoots>());
        return new BatchSteps(Batches, new FileStore(store.Blobs, TimeProvider.System), new PictureDays(store), services.GetRequiredService<BatchConverter>(), services.GetRequiredService<BatchOutput>(), intake, desk,
            services.GetRequiredService<IModelCatalog>(), new ApiOptions(), TimeProvider.System);
    }
}
