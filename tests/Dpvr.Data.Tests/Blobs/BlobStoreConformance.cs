using System.Text;
using Dpvr.Data.Blobs;

namespace Dpvr.Data.Tests.Blobs;

/// <summary>What every blob store must do. A further implementation derives from this and gives a fresh, empty store.</summary>
public abstract class BlobStoreConformance
{
    private static readonly byte[] s_one = "one"u8.ToArray();
    private static readonly byte[] s_two = "two"u8.ToArray();

    protected abstract IBlobStore Store { get; }

    [Fact]
    public async Task TryCreateAsync_WhenTwentyRace_OneWins()
    {
        using var start = new Barrier(20);
        var calls = Enumerable.Range(0, 20).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Store.TryCreateAsync("race/key.json", Encoding.UTF8.GetBytes($"writer {i}")).GetAwaiter().GetResult() ? i : -1;
            },
            TaskCreationOptions.LongRunning)).ToArray();

        var winners = (await Task.WhenAll(calls)).Where(static i => i >= 0).ToList();

        winners.Should().ContainSingle();
        Encoding.UTF8.GetString((await Store.GetAsync("race/key.json"))!.Bytes).Should().Be($"writer {winners[0]}");
    }

    [Theory]
    [InlineData(BlobDurability.Durable)]
    [InlineData(BlobDurability.Lazy)]
    public async Task TryCreateAsync_WhenThereIsOne_ChangesNothing(BlobDurability durability)
    {
        (await Store.TryCreateAsync("a", s_one, durability)).Should().BeTrue();
        (await Store.TryCreateAsync("a", s_two, durability)).Should().BeFalse();

        (await Store.GetAsync("a"))!.Bytes.Should().Equal(s_one);
    }

    [Fact]
    public async Task PutAsync_WhenThereIsOne_ReplacesItAndItsETag()
    {
        var first = await Store.PutAsync("a/b", s_one);
        var second = await Store.PutAsync("a/b", s_two);

        second.Should().NotBe(first);
        var blob = await Store.GetAsync("a/b");
        blob!.Bytes.Should().Equal(s_two);
        blob.ETag.Should().Be(second);
    }

    [Fact]
    public async Task TryReplaceAsync_WhenTheETagIsStale_IsRefused()
    {
        var first = await Store.PutAsync("a", s_one);
        var second = await Store.TryReplaceAsync("a", s_two, first);

        second.Should().NotBeNull();
        (await Store.TryReplaceAsync("a", "three"u8.ToArray(), first)).Should().BeNull();
        (await Store.TryReplaceAsync("gone", s_one, first)).Should().BeNull();
        (await Store.GetAsync("a"))!.Bytes.Should().Equal(s_two);
    }

    [Fact]
    public async Task TryReplaceAsync_WhenTenRaceOverOneVersion_OneWins()
    {
        var etag = await Store.PutAsync("a", s_one);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => Store.TryReplaceAsync("a", Encoding.UTF8.GetBytes($"w{i}"), etag))));

        results.Count(static r => r is not null).Should().Be(1);
    }

    [Fact]
    public async Task StageAsync_UntilCommitted_ShowsNothing()
    {
        await using (var staged = await Store.StageAsync("out/file"))
        {
            await staged.Stream.WriteAsync(s_one);
            (await Store.ExistsAsync("out/file")).Should().BeFalse();
            (await KeysAsync("")).Should().BeEmpty();
            await staged.SealAsync();
            (await Store.ExistsAsync("out/file")).Should().BeFalse();
            await staged.CommitAsync();
        }

        (await Store.GetAsync("out/file"))!.Bytes.Should().Equal(s_one);
    }

    [Fact]
    public async Task StageAsync_WhenDisposedWithoutCommit_LeavesTheOldOne()
    {
        await Store.PutAsync("a", s_one);
        await using (var staged = await Store.StageAsync("a")) await staged.Stream.WriteAsync(s_two);

        (await Store.GetAsync("a"))!.Bytes.Should().Equal(s_one);
    }

    [Fact]
    public async Task OpenReadAsync_WhenReplacedMeanwhile_ReadsTheOldBytes()
    {
        await Store.PutAsync("a", s_one);
        await using var stream = await Store.OpenReadAsync("a");
        await Store.PutAsync("a", s_two);

        using var reader = new StreamReader(stream!);
        (await reader.ReadToEndAsync()).Should().Be("one");
    }

    [Theory]
    [InlineData(0, 3, "012")]
    [InlineData(4, 3, "456")]
    [InlineData(8, 10, "89")]
    [InlineData(20, 5, "")]
    public async Task GetRangeAsync_Always_GivesWhatThereIs(long offset, int length, string expected)
    {
        await Store.PutAsync("a", "0123456789"u8.ToArray());

        Encoding.UTF8.GetString((await Store.GetRangeAsync("a", offset, length))!).Should().Be(expected);
    }

    [Fact]
    public async Task Reads_WhenThereIsNoBlob_GiveNull()
    {
        (await Store.GetAsync("x/y")).Should().BeNull();
        (await Store.GetRangeAsync("x/y", 0, 1)).Should().BeNull();
        (await Store.OpenReadAsync("x/y")).Should().BeNull();
        (await Store.ExistsAsync("x/y")).Should().BeFalse();
        (await Store.DeleteAsync("x/y")).Should().BeFalse();
        (await KeysAsync("x/")).Should().BeEmpty();
    }

    [Fact]
    public async Task ListAsync_WithAPrefix_GivesTheKeysBelowIt()
    {
        foreach (var key in new[] { "jobs/a/1", "jobs/a/b/2", "jobs/ab/3", "top" }) await Store.PutAsync(key, s_one);

        (await KeysAsync("jobs/a/")).Should().BeEquivalentTo("jobs/a/1", "jobs/a/b/2");
        (await KeysAsync("")).Should().HaveCount(4);
        (await Store.ListFoldersAsync("jobs/")).Should().BeEquivalentTo("a", "ab");
    }

    [Fact]
    public async Task ListEntriesAsync_Always_GivesSizeAndTheETagOfARead()
    {
        var etag = await Store.PutAsync("d/a", s_one);
        await Store.PutAsync("d/b", "four"u8.ToArray());

        var entries = new List<BlobEntry>();
        await foreach (var entry in Store.ListEntriesAsync("d/")) entries.Add(entry);

        entries.Should().HaveCount(2).And.Contain(new BlobEntry("d/a", 3, etag));
        entries.Single(static e => e.Key == "d/b").Should().Be(new BlobEntry("d/b", 4, (await Store.GetAsync("d/b"))!.ETag));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000_001)]
    public async Task Blobs_OfAnySize_ComeBackUnchanged(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await Store.PutAsync("put", bytes);
        (await Store.TryCreateAsync("created", bytes)).Should().BeTrue();
        (await Store.TryCreateAsync("created", s_one)).Should().BeFalse();
        await using (var staged = await Store.StageAsync("staged"))
        {
            for (var at = 0; at < size; at += 777_777) await staged.Stream.WriteAsync(bytes.AsMemory(at, Math.Min(777_777, size - at)));
            await staged.SealAsync();
            await staged.CommitAsync();
        }

        foreach (var key in new[] { "put", "created", "staged" })
        {
            (await Store.GetAsync(key))!.Bytes.AsSpan().SequenceEqual(bytes).Should().BeTrue();
            (await Store.GetRangeAsync(key, size / 2, size))!.AsSpan().SequenceEqual(bytes.AsSpan(size / 2)).Should().BeTrue();
            await using var stream = await Store.OpenReadAsync(key);
            var read = new MemoryStream();
            await stream!.CopyToAsync(read);
            read.ToArray().AsSpan().SequenceEqual(bytes).Should().BeTrue();
        }
    }

    [Fact]
    public async Task CommitAsync_WhenThereIsOne_ReplacesIt()
    {
        await Store.PutAsync("a", s_one);
        await using (var staged = await Store.StageAsync("a"))
        {
            await staged.Stream.WriteAsync(s_two);
            await staged.CommitAsync();
        }

        (await Store.GetAsync("a"))!.Bytes.Should().Equal(s_two);
    }

    [Fact]
    public async Task DeletePrefixAsync_Always_RemovesOnlyWhatIsBelow()
    {
        foreach (var key in new[] { "jobs/a/1", "jobs/a/b/2", "jobs/ab/3" }) await Store.PutAsync(key, s_one);

        await Store.DeletePrefixAsync("jobs/a/");

        (await KeysAsync("")).Should().Equal("jobs/ab/3");
    }

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("with space/ümläut 猫.txt")]
    [InlineData("percent%20/a+b&c=d#e.txt")]
    [InlineData("escaped%5C%255C%0A%2E.txt")]
    [InlineData("dots./at../ends.")]
    [InlineData("quote\"'\\back.txt")]
    [InlineData("new\nline.txt")]
    public async Task Keys_WithOddCharacters_ComeBackUnchanged(string key)
    {
        await Store.PutAsync(key, s_one);

        (await Store.GetAsync(key))!.Bytes.Should().Equal(s_one);
        (await KeysAsync("")).Should().Equal(key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/abs")]
    [InlineData("a//b")]
    [InlineData("a/../../b")]
    [InlineData("./a")]
    [InlineData("a/")]
    [InlineData("nul\0")]
    public async Task Keys_ThatLeaveTheStore_AreRefused(string key)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.PutAsync(key, s_one));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.GetAsync(key));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.DeleteAsync(key));
    }

    private async Task<List<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var key in Store.ListAsync(prefix)) keys.Add(key);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
