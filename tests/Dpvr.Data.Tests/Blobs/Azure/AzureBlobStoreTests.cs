using System.Diagnostics;
using Azure.Storage.Blobs.Specialized;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;
using Dpvr.TestKit.Servers;

namespace Dpvr.Data.Tests.Blobs.Azure;

/// <summary>What every store does, and what only this one can: against Azurite.</summary>
[Collection<AzuriteTests>]
public sealed class AzureBlobStoreTests : BlobStoreConformance
{
    private readonly AzuriteFixture _azurite;
    private readonly string _container = "";

    public AzureBlobStoreTests(AzuriteFixture azurite)
    {
        AzuriteFixture.SkipUnlessThere();
        _azurite = azurite;
        _container = azurite.NewContainer();
        Store = azurite.Open(_container);
    }

    protected override IBlobStore Store { get; }

    [Fact]
    public async Task ListAsync_OfMoreThanAPage_GivesEveryKeyOnceAndDeletesThem()
    {
        var store = _azurite.Open(_container, new AzureBlobOptions { PageBlobs = 1_000 });
        await CheckListingAsync(store, 5_000);

        await store.DeletePrefixAsync("many/");

        await foreach (var key in store.ListAsync("")) key.Should().Be("other");
    }

    [Fact, Trait("Category", "Slow")]
    public async Task ListAsync_OfAHundredThousand_GivesEveryKeyOnce()
    {
        await using var server = await AzuriteServer.StartAsync(inMemory: true);
        await CheckListingAsync(BlobStores.Open("azblob://many", null, null, name => name == "AZURE_STORAGE_CONNECTION_STRING" ? server.ConnectionString : null), 100_000);
    }

    [Fact]
    public async Task StageAsync_OfManyPieces_KeepsOnePieceInMemoryAndSealsTheRest()
    {
        var store = _azurite.Open(_container, new AzureBlobOptions { PieceBytes = 1000 });
        await using var staged = await store.StageAsync("a");
        await staged.Stream.WriteAsync(new byte[4500]);
        (await BlocksAsync()).Should().Be(4);
        await staged.SealAsync();
        (await BlocksAsync()).Should().Be(5);
        await staged.CommitAsync();

        (await store.GetAsync("a"))!.Bytes.Should().HaveCount(4500);

        async Task<int> BlocksAsync() => (await _azurite.Client(_container).GetBlockBlobClient("pre fix/a").GetBlockListAsync()).Value.UncommittedBlocks.Count();
    }

    [Fact]
    public async Task CommitAsync_WhenAnotherWriterCommittedFirst_SaysSoAndLeavesItsBlob()
    {
        await using var first = await Store.StageAsync("a");
        await using var second = await Store.StageAsync("a");
        await first.Stream.WriteAsync("first"u8.ToArray());
        await second.Stream.WriteAsync("second"u8.ToArray());
        await first.SealAsync();
        await second.SealAsync();
        await first.CommitAsync();

        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => second.CommitAsync());

        failure.Code.Should().Be(ErrorCodes.StoreUnavailable);
        (await Store.GetAsync("a"))!.Bytes.Should().Equal("first"u8.ToArray());
    }

    [Fact]
    public async Task OpenReadAsync_WhenALargeBlobIsReplacedMeanwhile_FailsInsteadOfMixing()
    {
        var store = _azurite.Open(_container, new AzureBlobOptions { PieceBytes = 10 });
        await store.PutAsync("a", Enumerable.Repeat((byte)1, 35).ToArray());
        await using var stream = await store.OpenReadAsync("a");
        await store.PutAsync("a", Enumerable.Repeat((byte)2, 35).ToArray());

        var read = new MemoryStream();
        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => stream!.CopyToAsync(read));

        failure.Message.Should().Contain("replaced while it was read");
        read.ToArray().Should().OnlyContain(b => b == 1);
    }

    [Fact]
    public async Task Reads_WhenTheContainerIsMissingAndNotToBeMade_SaySo()
    {
        var store = _azurite.Open("not-there", new AzureBlobOptions { CreateContainer = false });

        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.GetAsync("a"));

        failure.Code.Should().Be(ErrorCodes.StoreUnavailable);
        failure.Message.Should().Contain("no such container");
    }

    [Fact]
    public async Task Store_OverOthersBlobs_ReadsThemUnderTheirNames()
    {
        var client = _azurite.Client(_container);
        await client.CreateIfNotExistsAsync();
        foreach (var name in new[] { "pre fix/a%20b.jpg", "pre fix/ü+%25.png" }) await client.UploadBlobAsync(name, BinaryData.FromString(name));

        var keys = new List<string>();
        await foreach (var key in Store.ListAsync("")) keys.Add(key);

        keys.Should().BeEquivalentTo("a%20b.jpg", "ü+%25.png");
        foreach (var key in keys) (await Store.GetAsync(key))!.Bytes.Should().Equal(System.Text.Encoding.UTF8.GetBytes("pre fix/" + key));
    }

    private static async Task CheckListingAsync(IBlobStore store, int count)
    {
        var expected = Enumerable.Range(0, count).Select(static i => $"many/{i % 7}/{i}").ToHashSet();
        await Parallel.ForEachAsync(expected, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (key, token) => await store.PutAsync(key, "x"u8.ToArray(), cancellationToken: token));
        await store.PutAsync("other", "x"u8.ToArray());

        var clock = Stopwatch.StartNew();
        var seen = new List<string>();
        await foreach (var key in store.ListAsync("many/")) seen.Add(key);
        TestContext.Current.SendDiagnosticMessage("{0} blobs were listed in {1:0.00} s", count, clock.Elapsed.TotalSeconds);

        seen.Should().HaveCount(count);
        seen.ToHashSet().SetEquals(expected).Should().BeTrue();
        (await store.ListFoldersAsync("many/")).Should().BeEquivalentTo("0", "1", "2", "3", "4", "5", "6");
    }
}
