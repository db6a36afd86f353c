using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Tests.Sources;

public sealed class RequestsReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileBlobStore _store;

    public RequestsReaderTests() => _store = new FileBlobStore(_folder.Of("store"));

    [Fact]
    public async Task ListAsync_RowsOfEveryKind_CarryTheirOwnPromptsAndLimits()
    {
        _folder.File("a.png", "picture a");
        var reader = Reader("""
            {"custom_id":"one","image":"a.png","prompt":"What is it?","max_tokens":7,"temperature":0.5,"top_p":0.9,"seed":11}

            {"custom_id":"two","image":"https://example.org/b.png","prompt":"猫?"}
            {"custom_id":"three","image":"store:pictures/c"}
            """);

        var items = await ListAsync(reader);

        items.Select(i => (i.Index, i.CustomId, i.Locator, i.Error?.Code)).Should().Equal((0, "one", "a.png", null), (1, "two", "https://example.org/b.png", null), (2, "three", "store:pictures/c", null));
        items[0].Request.Should().Be(new ItemRequest { Prompt = "What is it?", MaxTokens = 7, Temperature = 0.5, TopP = 0.9, Seed = 11 });
        items[1].Request!.Prompt.Should().Be("猫?");
        items[2].Request!.IsEmpty.Should().BeTrue();
        (await reader.ReadAsync(items[0])).Bytes.ToArray().Should().Equal(Encoding.UTF8.GetBytes("picture a"));
    }

    [Theory]
    [InlineData("no json", "line-1", ErrorCodes.BadRow, "Line 1 is no JSON")]
    [InlineData("[]", "line-1", ErrorCodes.BadRow, "no JSON object")]
    [InlineData("""{"image":"a.png"}""", "line-1", ErrorCodes.BadRow, "no custom_id")]
    [InlineData("""{"custom_id":7,"image":"a.png"}""", "line-1", ErrorCodes.BadRow, "custom_id that is no text")]
    [InlineData("""{"custom_id":"x"}""", "x", ErrorCodes.BadRow, "no image")]
    [InlineData("""{"custom_id":"x","image":"a.png","max_token":3}""", "x", ErrorCodes.BadRow, "'max_token', which is not known")]
    [InlineData("""{"custom_id":"x","image":"a.png","max_tokens":0}""", "x", ErrorCodes.BadRow, "max_tokens 0; allowed")]
    [InlineData("""{"custom_id":"x","image":"a.png","max_tokens":2.5}""", "x", ErrorCodes.BadRow, "max_tokens 2.5; allowed")]
    [InlineData("""{"custom_id":"x","image":"a.png","temperature":"hot"}""", "x", ErrorCodes.BadRow, "temperature \"hot\"; allowed")]
    [InlineData("""{"custom_id":"x","image":"a.png","prompt":"\ud800"}""", "x", ErrorCodes.BadRow, "not valid Unicode")]
    [InlineData("""{"custom_id":"x","image":"file:///etc/passwd"}""", "x", ErrorCodes.UrlScheme, "'file' is not allowed")]
    [InlineData("""{"custom_id":"x","image":"gopher://example.org/"}""", "x", ErrorCodes.UrlScheme, "'gopher' is not allowed")]
    [InlineData("""{"custom_id":"x","image":"../a.png"}""", "x", ErrorCodes.UnsafePath, "leaves the manifest's folder")]
    [InlineData("""{"custom_id":"x","image":"gone.png"}""", "x", ErrorCodes.MissingImage, "no file gone.png")]
    public async Task ListAsync_ABadRow_IsAnItemWithItsCodeAndLine(string row, string id, string code, string message)
    {
        var item = (await ListAsync(Reader(row))).Single();

        (item.CustomId, item.Error!.Code).Should().Be((id, code));
        item.Error.Message.Should().Contain("Line 1").And.Contain(message);
    }

    [Fact]
    public async Task ListAsync_ALineOfManyMegabytes_IsABadRowAndItsNeighboursStand()
    {
        var reader = Reader("""{"custom_id":"a","image":"store:a"}""" + "\n" + new string('x', 5 << 20) + "\n" + """{"custom_id":"b","image":"store:b"}""");

        var items = await ListAsync(reader);

        items.Select(i => (i.CustomId, i.Error?.Code)).Should().Equal(("a", null), ("line-2", ErrorCodes.BadRow), ("b", null));
    }

    [Fact]
    public async Task ListAsync_TheSameIdTwice_RefusesTheSource()
    {
        var reader = Reader("""
            {"custom_id":"a","image":"store:a"}
            {"custom_id":"b","image":"store:a"}
            {"custom_id":"a","image":"store:c"}
            """);

        var refusal = await Assert.ThrowsAsync<DatasetException>(() => ListAsync(reader));

        refusal.Code.Should().Be(ErrorCodes.DuplicateId);
        refusal.Message.Should().Contain(":3:").And.Contain("line 1");
    }

    [Fact]
    public async Task ReadAsync_AStoresOwnBlobs_ReadsPicturesButNoPaths()
    {
        await _store.PutAsync("pictures/c", "picture c"u8.ToArray());
        await _store.PutAsync("rows.jsonl", """
            {"custom_id":"c","image":"store:pictures/c","prompt":"?"}
            {"custom_id":"d","image":"store:pictures/d","prompt":"?"}
            {"custom_id":"e","image":"store:../e","prompt":"?"}
            {"custom_id":"f","image":"a.png","prompt":"?"}
            """u8.ToArray());
        var reader = DatasetReaders.Open(new SourceSpec { Kind = SourceKinds.Requests, Root = "store:rows.jsonl" }, new SourceAccess { Store = _store });
        var items = await ListAsync(reader);

        var read = new List<SourceBytes>();
        foreach (var item in items) read.Add(await reader.ReadAsync(item));

        Encoding.UTF8.GetString(read[0].Bytes.Span).Should().Be("picture c");
        read.Select(r => r.Error?.Code).Should().Equal(null, ErrorCodes.SourceMissing, ErrorCodes.UnsafePath, ErrorCodes.UnsafePath);
    }

    [Fact]
    public async Task SurveyAsync_SeveralRows_HasRoomForTheLongest()
    {
        var survey = await ((RequestsReader)Reader($$"""
            {"custom_id":"a","image":"store:a","prompt":"{{new string('p', 300)}}"}
            {"custom_id":"b","image":"store:a","prompt":"?","max_tokens":200}
            """)).SurveyAsync(new SamplingSpec());

        survey.Rows.Should().Be(2);
        survey.Limits.Should().Be(new RequestLimits { PromptTokens = 512, NewTokens = 256 });
    }

    [Fact]
    public async Task PlanAsync_RowsThatNobodyCanAnswer_AreBadRows()
    {
        var (store, spec) = Job("""
            {"custom_id":"a","image":"store:a"}
            {"custom_id":"b","image":"store:a","prompt":"?","max_tokens":65}
            {"custom_id":"c","image":"store:a","prompt":"?","max_tokens":64}
            """);

        var items = await PlanAsync(store, spec with { Limits = RequestLimits.For(1, 64) });
        var withDefault = await PlanAsync(store, spec with { Prompts = [PromptSpec.OfRequests("Describe.")] });

        items.Select(i => i.Error?.Code).Should().Equal(ErrorCodes.BadRow, ErrorCodes.BadRow, null);
        withDefault.Select(i => i.Error?.Code).Should().Equal(null, null, null);
        items[2].Request.Should().Be(new ItemRequest { Prompt = "?", MaxTokens = 64 }, "the plan carries what a row asks");
    }

    [Fact]
    public async Task PlanAsync_WithTwoPrompts_IsRefused()
    {
        var (store, spec) = Job("");

        var refusal = await Assert.ThrowsAsync<DatasetException>(() => PlanAsync(store, spec with { Prompts = [new("a", "a"), new("b", "b")] }));

        refusal.Code.Should().Be(ErrorCodes.BadManifest);
    }

    [Fact]
    public async Task PlanAsync_OnlyAPromptChanged_IsAnotherListing()
    {
        var before = await ListingHash.OfAsync(Reader("""{"custom_id":"a","image":"store:a","prompt":"one"}"""));
        var after = await ListingHash.OfAsync(Reader("""{"custom_id":"a","image":"store:a","prompt":"two"}"""));

        after.Should().NotBe(before);
    }

    private IDatasetReader Reader(string rows) => DatasetReaders.Open(Source(rows), new SourceAccess { Store = _store });

    private SourceSpec Source(string rows)
    {
        _folder.File("rows.jsonl", rows);
        return new SourceSpec { Kind = SourceKinds.Requests, Root = _folder.Of("rows.jsonl") };
    }

    private (JobStore Store, JobSpec Spec) Job(string rows) =>
        (new JobStore(_store, JobLayout.Shared), Samples.Spec(_folder.Path) with { Source = Source(rows), Prompts = [PromptSpec.OfRequests()] });

    private static async Task<IReadOnlyList<ShardItem>> PlanAsync(JobStore store, JobSpec spec)
    {
        var job = new JobId(Guid.NewGuid().ToString("n"));
        var plan = await new JobPlanner(store).PlanAsync(job, spec);
        var index = (await store.ReadIndexAsync(job, 0))!;
        plan.Requests.Should().Be(plan.Images);
        return await store.ReadItemsAsync(index.SliceOf(store.Layout.PlanLines(job, 0), new ShardId(0)));
    }

    private static async Task<List<ShardItem>> ListAsync(IDatasetReader reader)
    {
        var items = new List<ShardItem>();
        await foreach (var item in reader.ListAsync()) items.Add(item);
        return items;
    }

    public void Dispose() => _folder.Dispose();
}
