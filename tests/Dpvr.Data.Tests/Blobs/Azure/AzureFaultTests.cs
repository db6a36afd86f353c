using System.Text;
using Azure.Storage;
using Azure.Storage.Sas;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;
using Dpvr.TestKit.Faults;
using Dpvr.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Data.Tests.Blobs.Azure;

/// <summary>A real Azurite behind a proxy that answers with errors, hangs, trickles, and loses answers.</summary>
[Collection<AzuriteTests>]
public sealed class AzureFaultTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly byte[] s_one = "one"u8.ToArray();
    private readonly string _container = azurite.NewContainer();
    private FaultProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        AzuriteFixture.SkipUnlessThere();
        await azurite.Client(_container).CreateAsync();
        _proxy = await FaultProxy.StartAsync(azurite.Server.Endpoint, seed: 20261128);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null) await _proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(500, 0.3)]
    [InlineData(503, 0.3)]
    [InlineData(429, 0.3)]
    public async Task Calls_WhenSomeAreAnsweredWithErrors_AllSucceed(int status, double share)
    {
        var faults = _proxy.Add(new FaultRule(FaultKind.Answer) { Status = status, Probability = share });
        var store = Open(new AzureBlobOptions { Tries = 20, FirstWait = TimeSpan.FromMilliseconds(1) });

        for (var i = 0; i < 30; i++)
        {
            (await store.TryCreateAsync($"k/{i}", Bytes(i))).Should().BeTrue();
            (await store.TryCreateAsync($"k/{i}", s_one)).Should().BeFalse();
            (await store.GetAsync($"k/{i}"))!.Bytes.Should().Equal(Bytes(i));
        }

        faults().Should().BeGreaterThan(10);
        (await KeysAsync(store)).Should().HaveCount(30);

        static byte[] Bytes(int i) => Encoding.UTF8.GetBytes($"value {i}");
    }

    [Fact]
    public async Task Calls_WhenToldToRetryLater_DoNotComeBefore()
    {
        var asked = TimeSpan.FromSeconds(2);
        var times = new List<long>();
        _proxy.Add(new FaultRule(FaultKind.Answer, _ => { times.Add(TimeProvider.System.GetTimestamp()); return times.Count == 1; }) { RetryAfter = asked });
        var store = Open(new AzureBlobOptions { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(5) });

        await store.PutAsync("a", s_one);

        times.Should().HaveCount(2);
        TimeProvider.System.GetElapsedTime(times[0], times[1]).Should().BeGreaterThanOrEqualTo(asked).And.BeLessThan(asked + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Calls_WhenTheStoreStaysAway_EndWithinTheirPatience()
    {
        _proxy.Add(new FaultRule(FaultKind.Answer) { RetryAfter = TimeSpan.FromMinutes(10) });
        var store = Open(new AzureBlobOptions { TotalTime = TimeSpan.FromSeconds(5) });

        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync("a", s_one));

        failure.Code.Should().Be(ErrorCodes.StoreUnavailable);
        _proxy.Requests.Should().Be(1, "the Retry-After is longer than the patience");
    }

    [Theory]
    [InlineData(FaultKind.Hang, 2)]
    [InlineData(FaultKind.Trickle, 2)]
    [InlineData(FaultKind.Reset, 2)]
    public async Task Reads_WhenATryHangsTricklesOrIsCut_AreTriedAgain(FaultKind kind, int times)
    {
        await azurite.Client(_container).UploadBlobAsync("pre fix/a", BinaryData.FromString(new string('x', 1000)));
        var faults = _proxy.Add(new FaultRule(kind) { Times = times });
        var store = Open(new AzureBlobOptions { TryTimeout = TimeSpan.FromSeconds(1), Tries = 20, FirstWait = TimeSpan.FromMilliseconds(1) });

        (await store.GetAsync("a"))!.Bytes.Should().HaveCount(1000);

        faults().Should().Be(times);
    }

    [Fact]
    public async Task Reads_WhenEveryTryTrickles_EndWithTheDeadlineInTheMessage()
    {
        await azurite.Client(_container).UploadBlobAsync("pre fix/a", BinaryData.FromString(new string('x', 1000)));
        _proxy.Add(new FaultRule(FaultKind.Trickle));
        var store = Open(new AzureBlobOptions { TryTimeout = TimeSpan.FromSeconds(1), Tries = 2, FirstWait = TimeSpan.FromMilliseconds(1) });

        var failure = await Assert.ThrowsAsync<BlobStoreException>(() => store.GetAsync("a"));

        failure.Code.Should().Be(ErrorCodes.StoreUnavailable);
        failure.Message.Should().Contain("within 1 s").And.Contain("2 tries");
    }

    [Fact]
    public async Task TryCreateAsync_WhenAppliedButTheAnswerIsLost_IsASuccess()
    {
        var lost = _proxy.Add(new FaultRule(FaultKind.ApplyThenReset, Puts) { Times = 1 });
        var store = Open();

        (await store.TryCreateAsync("a", s_one)).Should().BeTrue();
        (await store.TryCreateAsync("a", "two"u8.ToArray())).Should().BeFalse();

        lost().Should().Be(1);
        (await store.GetAsync("a"))!.Bytes.Should().Equal(s_one);
    }

    [Fact]
    public async Task TryCreateAsync_WhenTwentyRaceAndEveryFirstAnswerIsLost_OneWins()
    {
        var seen = new HashSet<string>();
        _proxy.Add(new FaultRule(FaultKind.ApplyThenReset, request => Puts(request) && seen.Add(request.Headers["x-ms-meta-dpvrcall"].ToString())));
        var store = Open();

        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.TryCreateAsync("a", Encoding.UTF8.GetBytes($"writer {i}"))));

        var winner = won.Index().Single(static w => w.Item).Index;
        Encoding.UTF8.GetString((await store.GetAsync("a"))!.Bytes).Should().Be($"writer {winner}");
        seen.Should().HaveCount(20);
    }

    [Fact]
    public async Task TryReplaceAsync_WhenAppliedButTheAnswerIsLost_GivesTheNewETag()
    {
        var store = Open();
        var old = await store.PutAsync("a", s_one);
        _proxy.Add(new FaultRule(FaultKind.ApplyThenReset, Puts) { Times = 1 });

        var replaced = await store.TryReplaceAsync("a", "two"u8.ToArray(), old);

        replaced.Should().Be((await store.GetAsync("a"))!.ETag);
        (await store.TryReplaceAsync("a", "three"u8.ToArray(), old)).Should().BeNull();
    }

    [Fact]
    public async Task CommitAsync_WhenAppliedButTheAnswerIsLost_IsASuccess()
    {
        var store = Open(new AzureBlobOptions { PieceBytes = 100 });
        _proxy.Add(new FaultRule(FaultKind.ApplyThenReset, static request => request.Query["comp"] == "blocklist") { Times = 1 });
        await using (var staged = await store.StageAsync("a"))
        {
            await staged.Stream.WriteAsync(new byte[250]);
            await staged.CommitAsync();
        }
        _proxy.Add(new FaultRule(FaultKind.ApplyThenReset, static request => request.Query["comp"] == "blocklist") { Times = 1 });
        (await store.TryCreateAsync("b", new byte[250])).Should().BeTrue();

        (await store.GetAsync("a"))!.Bytes.Should().HaveCount(250);
        (await store.GetAsync("b"))!.Bytes.Should().HaveCount(250);
    }

    [Fact]
    public async Task DeleteAsync_WhenAppliedButTheAnswerIsLost_SaysThatItWasThere()
    {
        var store = Open();
        await store.PutAsync("a", s_one);
        _proxy.Add(new FaultRule(FaultKind.ApplyThenReset, static request => HttpMethods.IsDelete(request.Method)) { Times = 1 });

        (await store.DeleteAsync("a")).Should().BeTrue();
        (await store.DeleteAsync("a")).Should().BeFalse();
    }

    [Fact]
    public async Task Calls_WhenTheSignatureExpiresInMidJob_SayAuthExpiredAndNoSecret()
    {
        var begin = DateTimeOffset.UtcNow;
        var store = BlobStores.Open(Signed(BlobContainerSasPermissions.All, begin.AddSeconds(3)), new AzureBlobOptions { CreateContainer = false });
        await store.PutAsync("a", s_one);

        BlobStoreException? failure = null;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (failure is null && await timer.WaitForNextTickAsync())
            failure = await Record.ExceptionAsync(() => store.PutAsync("a", s_one)) as BlobStoreException;

        failure!.Code.Should().Be(ErrorCodes.AuthExpired);
        failure.ToString().Should().NotContain("sig=").And.NotContain(azurite.Server.Key).And.NotContain("se=");
        ErrorCodes.IsResumable(failure.Code).Should().BeTrue();
    }

    [Fact]
    public async Task Writes_WithASignatureThatOnlyReads_SayOutputReadonly()
    {
        await azurite.Client(_container).UploadBlobAsync("pre fix/a", BinaryData.FromString("x"));
        var store = BlobStores.Open(Signed(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1)));

        (await store.GetAsync("a"))!.Bytes.Should().Equal("x"u8.ToArray());
        (await KeysAsync(store)).Should().Equal("a");
        (await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync("b", s_one))).Code.Should().Be(ErrorCodes.OutputReadonly);
        (await Assert.ThrowsAsync<BlobStoreException>(() => store.TryCreateAsync("b", s_one))).Code.Should().Be(ErrorCodes.OutputReadonly);
    }

    [Fact]
    public async Task Calls_WithAKeyThatIsNotTheAccounts_SayAuthExpired()
    {
        var wrong = azurite.Server.ConnectionString.Replace(azurite.Server.Key, Convert.ToBase64String(new byte[64]), StringComparison.Ordinal);
        var store = BlobStores.Open($"azblob://{_container}", environment: name => name == "AZURE_STORAGE_CONNECTION_STRING" ? wrong : null);

        (await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync("b", s_one))).Code.Should().Be(ErrorCodes.AuthExpired);
    }

    private static bool Puts(HttpRequest request) => HttpMethods.IsPut(request.Method) && request.Query.Count == 0;

    private static async Task<List<string>> KeysAsync(IBlobStore store)
    {
        var keys = new List<string>();
        await foreach (var key in store.ListAsync("")) keys.Add(key);
        return keys;
    }

    private IBlobStore Open(AzureBlobOptions? options = null)
    {
        options ??= new AzureBlobOptions { FirstWait = TimeSpan.FromMilliseconds(1) };
        options.CreateContainer = false;
        return azurite.Open(_container, options, _proxy.Port);
    }

    private string Signed(BlobContainerSasPermissions rights, DateTimeOffset until)
    {
        var sas = new BlobSasBuilder(rights, until) { BlobContainerName = _container, Resource = "c", Protocol = SasProtocol.HttpsAndHttp };
        return $"{azurite.Server.Endpoint}/{_container}/pre%20fix?{sas.ToSasQueryParameters(new StorageSharedKeyCredential(AzuriteServer.Account, azurite.Server.Key))}";
    }
}
