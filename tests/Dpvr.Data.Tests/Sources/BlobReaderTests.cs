using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Tests.Sources;

public sealed class BlobReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListAsync_Always_GivesPicturesInNaturalOrderWithSizeAndVersion()
    {
        foreach (var name in new[] { "img10.png", "img2.png", "notes.txt", ".hidden.png", "sub/img1.png" }) _folder.File(name, name);

        (await ListAsync(recursive: false)).Select(static i => i.CustomId).Should().Equal("img2.png", "img10.png");
        var all = await ListAsync(recursive: true);
        all.Select(static i => i.CustomId).Should().Equal("img2.png", "img10.png", "sub/img1.png");
        all.Select(static i => i.Index).Should().Equal(0, 1, 2);
        all[0].Size.Should().Be(8);
        all[0].Version.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task ReadAsync_OfEachKindOfPicture_GivesBytesOrTheCode()
    {
        foreach (var name in new[] { "changed.png", "empty.png", "gone.png", "same.png" }) _folder.File(name, name == "empty.png" ? "" : "old");
        var items = (await ListAsync(recursive: false)).ToDictionary(static i => i.CustomId);
        _folder.File("changed.png", "new");
        File.Delete(_folder.Of("gone.png"));
        var reader = new BlobReader(Source());

        (await reader.ReadAsync(items["same.png"])).Bytes.ToArray().Should().Equal("old"u8.ToArray());
        (await reader.ReadAsync(items["changed.png"])).Error!.Code.Should().Be(ErrorCodes.SourceChanged);
        (await reader.ReadAsync(items["gone.png"])).Error!.Code.Should().Be(ErrorCodes.SourceMissing);
        (await reader.ReadAsync(items["empty.png"])).Error!.Code.Should().Be(ErrorCodes.Empty);
        (await reader.ReadAsync(items["same.png"] with { Locator = "../same.png" })).Error!.Code.Should().Be(ErrorCodes.UnsafePath);
    }

    [Theory]
    [InlineData("https://acc.blob.core.windows.net/images/a?sv=1&sig=SECRET")]
    [InlineData("s3://images?sig=SECRET")]
    [InlineData("ftp://images")]
    public void Open_OfALocationThatASpecificationMayNotHold_IsRefusedWithoutTheSecret(string root)
    {
        var refusal = Assert.Throws<DatasetException>(() => DatasetReaders.Open(Source() with { Root = root }));

        refusal.ToString().Should().NotContain("SECRET");
    }

    [Theory]
    [InlineData("https://acc.blob.core.windows.net/images?sv=1&sig=SECRET", "out")]
    [InlineData("in", "https://acc.blob.core.windows.net/out?sig=SECRET")]
    public async Task CreateSpecAsync_WithASecretInIt_WritesNothing(string root, string output)
    {
        var store = new FileBlobStore(_folder.Path);
        var spec = Samples.Spec(root) with { Output = new OutputSpec { Location = output } };

        var refusal = await Assert.ThrowsAsync<DatasetException>(() => new JobStore(store, JobLayout.Shared).CreateSpecAsync(new JobId("a"), spec));

        refusal.Message.Should().Contain("AZURE_STORAGE_SAS_TOKEN").And.NotContain("SECRET");
        await foreach (var key in store.ListAsync("")) Assert.Fail($"{key} was written");
    }

    private SourceSpec Source(bool recursive = false) => new() { Kind = SourceKinds.Blobs, Root = _folder.Path, Recursive = recursive };

    private async Task<List<ShardItem>> ListAsync(bool recursive)
    {
        var items = new List<ShardItem>();
        await foreach (var item in DatasetReaders.Open(Source(recursive)).ListAsync()) items.Add(item);
        return items;
    }
}
