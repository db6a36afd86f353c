using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Tests.Sources;

public sealed class FolderReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListAsync_WithoutAGlob_GivesPicturesInNaturalOrder()
    {
        foreach (var name in new[] { "img10.png", "img2.JPG", "img1.png", "notes.txt", ".hidden.png", "b/img3.png" }) _folder.File(name);

        (await IdsAsync()).Should().Equal("img1.png", "img2.JPG", "img10.png");
        (await IdsAsync(recursive: true)).Should().Equal("b/img3.png", "img1.png", "img2.JPG", "img10.png");
    }

    [Fact]
    public async Task ListAsync_Always_NumbersFromZeroWithSizeAndVersion()
    {
        _folder.File("a.png", "12345");
        _folder.File("b.png", "1");

        var items = await ItemsAsync();

        items.Select(static i => i.Index).Should().Equal(0, 1);
        items[0].Size.Should().Be(5);
        items[0].Version.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("*.txt", new[] { "a.txt", "c/x.txt" })]
    [InlineData("c/*", new[] { "c/a.png", "c/x.txt" })]
    [InlineData("**/*.png", new[] { "b.png", "c/a.png", "c/d/e.png" })]
    [InlineData("c/**", new[] { "c/a.png", "c/d/e.png", "c/x.txt" })]
    [InlineData("[ab].*", new[] { "a.txt", "b.png", "c/a.png" })]
    [InlineData("?.png", new[] { "b.png", "c/a.png", "c/d/e.png" })]
    public async Task ListAsync_WithAGlob_TakesItLiterally(string glob, string[] expected)
    {
        foreach (var name in new[] { "a.txt", "b.png", "c/a.png", "c/x.txt", "c/d/e.png" }) _folder.File(name);

        (await IdsAsync(recursive: true, globs: glob)).Should().Equal(expected);
    }

    [Fact]
    public async Task ListAsync_WhenALinkLeavesTheFolder_GivesUnsafePath()
    {
        using var outside = new TempFolder();
        var secret = outside.File("secret.png");
        _folder.File("inside.png");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "out.png"), secret);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "in.png"), "inside.png");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "dir"), outside.Path);

        var items = await ItemsAsync(recursive: true);

        items.Select(static i => (i.CustomId, i.Error?.Code)).Should().Equal(("in.png", null), ("inside.png", null), ("out.png", ErrorCodes.UnsafePath));
        var read = await Reader().ReadAsync(items[0]);
        read.Error.Should().BeNull();
        (await Reader().ReadAsync(items[2] with { Error = null })).Error!.Code.Should().Be(ErrorCodes.UnsafePath);
        (await Reader().ReadAsync(items[1] with { Locator = "../x.png" })).Error!.Code.Should().Be(ErrorCodes.UnsafePath);
    }

    [Fact]
    public async Task ReadAsync_WhenTheFileIsAsPlanned_GivesItsBytes()
    {
        _folder.File("a.png", "pixels");
        var item = (await ItemsAsync()).Single();

        Encoding.UTF8.GetString((await Reader().ReadAsync(item)).Bytes.Span).Should().Be("pixels");
    }

    [Fact]
    public async Task ReadAsync_WhenTheFileHasChanged_SaysSo()
    {
        var path = _folder.File("a.png", "old");
        var item = (await ItemsAsync()).Single();
        File.WriteAllText(path, "newer");
        (await Reader().ReadAsync(item)).Error!.Code.Should().Be(ErrorCodes.SourceChanged);

        File.WriteAllText(path, "new");
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (await Reader().ReadAsync(item)).Error!.Code.Should().Be(ErrorCodes.SourceChanged);

        File.Delete(path);
        (await Reader().ReadAsync(item)).Error!.Code.Should().Be(ErrorCodes.SourceMissing);
    }

    [Fact]
    public async Task ReadAsync_WhenThereAreNoBytes_SaysEmpty()
    {
        _folder.File("a.png", "");
        (await Reader().ReadAsync((await ItemsAsync()).Single())).Error!.Code.Should().Be(ErrorCodes.Empty);
    }

    [Fact]
    public void Open_WhenThereIsNoFolder_IsRefused() =>
        Assert.Throws<DatasetException>(() => new FolderReader(new SourceSpec { Root = Path.Combine(_folder.Path, "none") })).Code.Should().Be(ErrorCodes.SourceUnavailable);

    [Fact]
    public async Task JsonlReader_Always_GivesIdsPathsAndBadRows()
    {
        _folder.File("pics/a.png", "A");
        var manifest = _folder.File("list.jsonl", """
            {"custom_id":"first","image":"pics/a.png"}
            {"question_id":7,"image":"pics/none.png"}

            not json
            {"image":"../out.png"}
            {"image":"https://example.org/x.png"}
            {"text":"no path"}
            {"url":"ftp://example.org/y.png"}
            """);
        var reader = DatasetReaders.Open(new SourceSpec { Kind = SourceKinds.Jsonl, Root = manifest });
        var items = new List<ShardItem>();
        await foreach (var item in reader.ListAsync()) items.Add(item);

        items.Select(static i => (i.CustomId, i.Error?.Code)).Should().Equal(
            ("first", null), ("7", ErrorCodes.MissingImage), ("line-4", ErrorCodes.BadRow), ("../out.png", ErrorCodes.UnsafePath), ("https://example.org/x.png", null), ("line-7", ErrorCodes.BadRow), ("ftp://example.org/y.png", ErrorCodes.UrlScheme));
        (await reader.ReadAsync(items[0])).Bytes.Length.Should().Be(1);
    }

    [Fact]
    public async Task JsonlReader_WhenAnIdComesTwice_RefusesTheManifest()
    {
        var manifest = _folder.File("list.jsonl", "{\"id\":\"x\",\"image\":\"a\"}\n{\"id\":\"x\",\"image\":\"b\"}\n");
        var reader = DatasetReaders.Open(new SourceSpec { Kind = SourceKinds.Jsonl, Root = manifest });

        var failure = await Assert.ThrowsAsync<DatasetException>(async () => { await foreach (var _ in reader.ListAsync()) { } });

        failure.Code.Should().Be(ErrorCodes.DuplicateId);
    }

    private FolderReader Reader(bool recursive = false, params string[] globs) => new(new SourceSpec { Root = _folder.Path, Recursive = recursive, Globs = globs });

    private async Task<List<ShardItem>> ItemsAsync(bool recursive = false, params string[] globs)
    {
        var items = new List<ShardItem>();
        await foreach (var item in Reader(recursive, globs).ListAsync()) items.Add(item);
        return items;
    }

    private async Task<List<string>> IdsAsync(bool recursive = false, params string[] globs) => [.. (await ItemsAsync(recursive, globs)).Select(static i => i.CustomId)];
}
