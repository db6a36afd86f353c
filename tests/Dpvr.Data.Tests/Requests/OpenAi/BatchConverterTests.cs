using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Requests;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Tests.Requests.OpenAi;

public sealed class BatchConverterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileBlobStore _blobs;

    public BatchConverterTests() => _blobs = new FileBlobStore(_folder.Path);

    [Fact]
    public async Task ConvertAsync_GoodLines_BecomeASourceWithTheirPicturesInTheStore()
    {
        var picture = Encoding.UTF8.GetBytes("picture bytes");
        var conversion = await ConvertAsync(Line("a", $"data:image/png;base64,{Convert.ToBase64String(picture)}", "\"max_tokens\":100,\"stop\":[\"\\n\"]") + "\n\n"
            + Line("b", $"data:image/jpeg;base64,{Convert.ToBase64String(picture)}") + "\n" + Line("c", "https://example.org/c.png"));

        conversion.Should().BeEquivalentTo(new { Lines = 3, Rows = 3, Model = "tiny", ErrorCount = 0, Limits = new RequestLimits { PromptTokens = 64, NewTokens = 128 } });
        var (reader, items) = await RowsAsync();
        items.Select(i => i.CustomId).Should().Equal("a", "b", "c");
        items[0].Request.Should().BeEquivalentTo(new { Prompt = "What is a?", MaxTokens = 100, Stop = new[] { "\n" } });
        items[0].Locator.Should().Be(items[1].Locator, "the same picture is kept once").And.StartWith("store:pictures/");
        items[2].Locator.Should().Be("https://example.org/c.png");
        (await reader.ReadAsync(items[0])).Bytes.ToArray().Should().Equal(picture);
    }

    [Fact]
    public async Task ConvertAsync_BadLines_SaysWhyOfEachAndWritesNoRows()
    {
        var conversion = await ConvertAsync(string.Join('\n',
            Line("a", "https://example.org/a.png"),
            "not json",
            "[]",
            Line("a", "https://example.org/a.png"),
            Line("b", "https://example.org/a.png").Replace("\"tiny\"", "\"other\"", StringComparison.Ordinal),
            Line("c", "https://example.org/a.png").Replace("POST", "GET", StringComparison.Ordinal),
            Line("d", "https://example.org/a.png").Replace("/v1/chat/completions", "/v1/embeddings", StringComparison.Ordinal),
            Line("e", "https://example.org/a.png", "\"n\":2"),
            Line("", "https://example.org/a.png"),
            Line("f", "https://example.org/a.png").Replace("\"method\"", "\"methods\"", StringComparison.Ordinal)));

        conversion.Errors.Select(e => (e.Line, e.Code, e.Param)).Should().Equal(
            (2, "invalid_json_line", null), (3, "invalid_json_line", null), (4, "duplicate_custom_id", "custom_id"), (5, "mismatched_model", "body.model"), (6, "invalid_method", "method"),
            (7, "invalid_url", "url"), (8, "unsupported_parameter", "body.n"), (9, "invalid_value", "custom_id"), (10, "missing_required_parameter", "method"));
        (conversion.Lines, conversion.Rows, conversion.ErrorCount).Should().Be((10, 1, 9));
        (await _blobs.ExistsAsync("files/rows.jsonl")).Should().BeFalse();
    }

    [Fact]
    public async Task ConvertAsync_ThousandsOfBadLines_KeepsTheFirstAndCountsAll()
    {
        var conversion = await ConvertAsync(string.Concat(Enumerable.Repeat("x\n", 3000)));

        (conversion.ErrorCount, conversion.Errors.Count).Should().Be((3000, BatchConverter.MostErrors));
    }

    [Fact]
    public async Task ConvertAsync_ALineThatIsTooLong_IsRefusedAndTheNextIsRead()
    {
        var rules = new ChatRules { MaxPictureBytes = 300 };
        var conversion = await ConvertAsync(Line("a", "data:image/png;base64," + new string('A', 3 << 20)) + "\n" + Line("b", "https://example.org/b.png"), rules);

        conversion.Errors.Select(e => (e.Line, e.Code)).Should().Equal((1, "line_too_long"));
        conversion.Rows.Should().Be(1);
    }

    [Fact]
    public async Task ConvertAsync_AFileOf200Megabytes_IsNeverHeldInMemory()
    {
        const int lines = 200;
        await using var input = new RepeatedLines(lines, 1 << 20);
        var peak = 0L;
        input.OnLine = line => peak = line % 20 == 10 ? Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true)) : peak;
        var before = GC.GetTotalMemory(true);

        var conversion = await new BatchConverter(_blobs).ConvertAsync(input, "files/rows.jsonl", new ChatRules(), new PictureClaims(_blobs, "pictures/2026-11-28/"), 64);

        conversion.Rows.Should().Be(lines);
        input.Given.Should().BeGreaterThan(200 << 20);
        // What is held is a line and its picture, a few megabytes; other tests hold theirs in the same process.
        peak.Should().BePositive();
        (peak - before).Should().BeLessThan(100 << 20, "the whole is 200 MiB, and as pictures 150 more");
    }

    private Task<BatchConversion> ConvertAsync(string lines, ChatRules? rules = null) =>
        new BatchConverter(_blobs).ConvertAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)), "files/rows.jsonl", rules ?? new ChatRules(), new PictureClaims(_blobs, "pictures/2026-11-28/"), 64);

    private async Task<(IDatasetReader Reader, List<ShardItem> Items)> RowsAsync()
    {
        var reader = DatasetReaders.Open(new SourceSpec { Kind = SourceKinds.Requests, Root = StorePictures.NameOf("files/rows.jsonl") }, new SourceAccess { Store = _blobs });
        var items = new List<ShardItem>();
        await foreach (var item in reader.ListAsync()) items.Add(item);
        return (reader, items);
    }

    internal static string Line(string id, string url, string? more = null) =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"tiny",{{{(more is null ? "" : more + ",")}}}"messages":[{"role":"user","content":[{"type":"text","text":"What is {{{id}}}?"},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}}""";

    public void Dispose() => _folder.Dispose();

    /// <summary>Lines with a picture each, made as they are read.</summary>
    private sealed class RepeatedLines(int lines, int base64) : Stream
    {
        private byte[] _line = [];
        private int _at, _number;

        public long Given { get; private set; }

        public Action<int> OnLine { get; set; } = static _ => { };

        public override int Read(Span<byte> buffer)
        {
            if (_at == _line.Length)
            {
                if (_number == lines) return 0;
                OnLine(_number);
                _line = Encoding.UTF8.GetBytes(Line($"r{_number}", "data:image/png;base64," + new string((char)('A' + (_number++ % 26)), base64)) + "\n");
                _at = 0;
            }
            var count = Math.Min(buffer.Length, _line.Length - _at);
            _line.AsSpan(_at, count).CopyTo(buffer);
            (_at, Given) = (_at + count, Given + count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
