using Dpvr.Contracts.Grains;
using Dpvr.Data.Blobs;
using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Intake;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Dpvr.Api.Tests.Batches;

[Collection(OneServer.Name)]
public sealed class BatchStepsTests(OpenServer server)
{
    [Fact]
    public async Task Cancel_OfABatchWhoseHostDiedWhenItsJobHadJustBegun_CancelsTheJob()
    {
        var services = server.Host.Services;
        var batches = new BatchStore(services.GetRequiredService<IBlobStore>());
        var batch = Batch.New();
        var spec = services.GetRequiredService<JobRequestReader>().Read(new JobRequest { Source = new SourceRequest { Root = "scenes" } });
        var job = (await services.GetRequiredService<JobIntake>().SubmitAsync(new JobSubmission { Spec = spec, Key = $"batch:{batch.Id}" })).Job.Value;
        await services.GetRequiredService<IGrainFactory>().GetGrain<IJobGrain>(job).PauseAsync();
        await batches.ChangeAsync(batch.Id, static s => s with { CancellingAt = 1 }, default);
        await batches.CreateAsync(batch, default);

        await server.Http.PostJsonAsync($"/v1/batches/{batch.Id}/cancel");

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await server.Http.GetJsonAsync($"/v1/batches/{batch.Id}")).Body.Text("status") == "cancelling") await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        var end = (await server.Http.GetJsonAsync($"/v1/batches/{batch.Id}")).Body;
        (end.Text("status"), end.Text("job")).Should().Be(("cancelled", job));
        (await server.Http.GetJsonAsync($"/api/jobs/{job}")).Body.Text("status").Should().Be("cancelled");
    }
}
