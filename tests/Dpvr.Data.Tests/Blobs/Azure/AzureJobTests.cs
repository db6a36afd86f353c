using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;
using Dpvr.TestKit.Faults;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Data.Tests.Blobs.Azure;

/// <summary>A whole job in Azurite: its pictures, its plan, its shards and its output.</summary>
[Collection<AzuriteTests>]
public sealed class AzureJobTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Job_WithPicturesAndOutputInAContainer_IsDoneAndVerified()
    {
        AzuriteFixture.SkipUnlessThere();
        using var done = await DoneJob.CreateAsync(StoreOf(azurite.Open()), await SpecAsync(12));

        await CheckAsync(done, 12);
        (await done.CommitAsync(new ShardId(0), attempt: 2)).Should().Be(CommitResult.Stale);
        (await done.CommitAsync(new ShardId(0), attempt: 1)).Should().Be(CommitResult.Committed, "the same attempt asks again when its answer was lost");
        (await done.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Job_WhenAThirdOfAllRequestsFails_IsDoneAndVerified()
    {
        AzuriteFixture.SkipUnlessThere();
        await using var proxy = await FaultProxy.StartAsync(azurite.Server.Endpoint, seed: 7);
        var faults = new[]
        {
            proxy.Add(new FaultRule(FaultKind.Answer) { Probability = 0.1 }),
            proxy.Add(new FaultRule(FaultKind.Answer) { Probability = 0.1, Status = 500 }),
            proxy.Add(new FaultRule(FaultKind.Reset) { Probability = 0.05 }),
            proxy.Add(new FaultRule(FaultKind.ApplyThenReset, static request => HttpMethods.IsPut(request.Method)) { Probability = 0.3 }),
        };
        var patient = new AzureBlobOptions { Tries = 20, FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(20) };

        using var done = await DoneJob.CreateAsync(StoreOf(azurite.Open(options: patient, port: proxy.Port)), await SpecAsync(12));

        proxy.Clear();
        await CheckAsync(done, 12);
        faults.Sum(static hits => hits()).Should().BeGreaterThan(10);
    }

    [Fact]
    public async Task Job_WhenAPictureIsReplacedInTheContainer_SaysSourceChanged()
    {
        AzuriteFixture.SkipUnlessThere();
        var spec = await SpecAsync(2);
        var reader = DatasetReaders.Open(spec.Source);
        var items = new List<ShardItem>();
        await foreach (var item in reader.ListAsync()) items.Add(item);
        await BlobStores.Open(spec.Source.Root).PutAsync("p1.png", "another"u8.ToArray());

        (await reader.ReadAsync(items[0])).Error.Should().BeNull();
        (await reader.ReadAsync(items[1])).Error!.Code.Should().Be(ErrorCodes.SourceChanged);
    }

    private static JobStore StoreOf(IBlobStore blobs) => new(blobs, JobLayout.Shared);

    private async Task<JobSpec> SpecAsync(int pictures)
    {
        var root = $"azblob://{azurite.NewContainer()}/pictures";
        var source = BlobStores.Open(root);
        for (var i = 0; i < pictures; i++) await source.PutAsync($"p{i}.png", System.Text.Encoding.UTF8.GetBytes(i == 3 ? "bad" : $"picture {i}"));
        return Samples.Spec(root) with { Source = new SourceSpec { Kind = SourceKinds.Blobs, Root = root } };
    }

    private static async Task CheckAsync(DoneJob done, int pictures)
    {
        var report = await done.VerifyAsync();
        report.Findings.Should().BeEmpty();
        report.Counted.Should().Be(new Counts { Total = pictures, Succeeded = pictures - 1, Failed = 1 });
        var output = done.Store.Layout.OutputOf(done.Job);
        var captions = System.Text.Encoding.UTF8.GetString((await done.Store.Blobs.GetAsync(output + "captions.jsonl"))!.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        captions.Select(static line => JsonSerializer.Deserialize(line, DpvrJson.Line.ItemRecord)!.CustomId).Should().Equal(Enumerable.Range(0, pictures).Where(static i => i != 3).Select(static i => $"p{i}.png"));
    }
}
