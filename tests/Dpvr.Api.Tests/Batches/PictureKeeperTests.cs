using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Requests;
using Dpvr.Silo.Api;
using Dpvr.Silo.Api.Batches;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dpvr.Api.Tests.Batches;

public sealed class PictureKeeperTests : IDisposable
{
    private static readonly DateOnly s_first = new(2026, 3, 1), s_second = new(2026, 3, 2);
    private readonly TempFolder _folder = new();
    private readonly JobStore _store;
    private readonly FixedTime _time = new();

    public PictureKeeperTests() => _store = new JobStore(new FileBlobStore(_folder.Path), JobLayout.Shared);

    private PictureDays Days => new(_store);

    private BatchStore Batches => new(_store.Blobs);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Clean_RemovesADayOnlyWhenItIsOverAndNoBatchOfItIsOpen()
    {
        var (ended, open) = (Batch.New(), Batch.New());
        await ClaimAsync(s_first, ended, 1);
        await ClaimAsync(s_second, open, 2);
        await Batches.ChangeAsync(ended.Id, static s => s with { CompletedAt = 1 }, default);
        await _store.Blobs.PutAsync("pictures/theirs.png", new byte[] { 3 });

        _time.Now = At(s_first).AddDays(7);
        await CleanAsync();
        (await Days.ListAsync()).Should().BeEquivalentTo([s_first, s_second], "they are kept for seven days");
        _time.Now = At(s_first).AddDays(30);
        await CleanAsync();
        (await Days.ListAsync()).Should().Equal([s_second], "an open batch needs them");
        await Batches.ChangeAsync(open.Id, static s => s with { FailedAt = 1 }, default);
        await CleanAsync();

        (await Days.ListAsync()).Should().BeEmpty();
        (await _store.Blobs.ListAsync("pictures/").ToListAsync()).Should().Equal("pictures/theirs.png");
    }

    [Fact]
    public async Task Clean_WhileAJobDoesAgainWhatFailedOfABatch_KeepsItsPictures()
    {
        var batch = Batch.New();
        await ClaimAsync(s_first, batch, 1);
        await Batches.ChangeAsync(batch.Id, static s => s with { Job = "0123-1", CompletedAt = 1 }, default);
        foreach (var job in (string[])["0123-1", "0123-2"]) await _store.Blobs.PutAsync($"jobs/{job}/job.json", await SpecAsync());
        await _store.Blobs.PutAsync("jobs/0123-1/finished.json", """{"status":"completed","requests":{"total":1,"succeeded":0,"failed":1},"at":"2026-03-01T00:00:00Z"}"""u8.ToArray());
        _time.Now = At(s_first).AddDays(30);

        await CleanAsync();

        (await Days.ListAsync()).Should().Equal(s_first);
    }

    [Fact]
    public async Task Put_OfAPictureThatIsThere_IsTheSameNameAndWritesNothing()
    {
        var claims = await Days.OpenAsync(s_first, "batch_1");
        var name = await claims.PutAsync(new byte[] { 1, 2, 3 });
        var path = Path.Combine(_folder.Path, name["store:".Length..]);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);

        (await claims.PutAsync(new byte[] { 1, 2, 3 })).Should().Be(name).And.StartWith("store:pictures/2026-03-01/");

        File.GetLastWriteTimeUtc(path).Should().Be(DateTime.UnixEpoch);
    }

    private static DateTimeOffset At(DateOnly day) => new(day, new TimeOnly(12, 0), TimeSpan.Zero);

    private static async Task<byte[]> SpecAsync()
    {
        var spec = new Dpvr.Contracts.Jobs.JobSpec
        {
            Source = new Dpvr.Contracts.Jobs.SourceSpec { Root = "/" }, Prompts = [new Dpvr.Contracts.Jobs.PromptSpec("caption", "?")], Model = new Dpvr.Contracts.Jobs.ModelSpec("m", "", ""),
            Output = new Dpvr.Contracts.Jobs.OutputSpec { Location = "" },
        };
        using var bytes = new MemoryStream();
        await System.Text.Json.JsonSerializer.SerializeAsync(bytes, spec, Dpvr.Contracts.Json.DpvrJson.Line.JobSpec);
        return bytes.ToArray();
    }

    private async Task ClaimAsync(DateOnly day, BatchRecord batch, byte picture)
    {
        await Batches.CreateAsync(batch, default);
        await (await Days.OpenAsync(day, batch.Id)).PutAsync(new[] { picture });
    }

    private async Task CleanAsync()
    {
        using var keeper = new PictureKeeper(Days, Batches, _store, new ApiOptions(), _time, NullLogger<PictureKeeper>.Instance);
        await keeper.CleanAsync(default);
    }

    private sealed class FixedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
