using System.Text.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Requests.OpenAi;

namespace Dpvr.Data.Tests.Requests.OpenAi;

public sealed class BatchOutputTests
{
    [Fact]
    public async Task WriteAsync_AFinishedJob_GivesOpenAisLines()
    {
        using var job = await DoneJob.CreateAsync(pictures: 5);

        var files = await new BatchOutput(job.Store).WriteAsync(job.Job, "files/out.jsonl", "files/err.jsonl");

        (files.Completed, files.Failed).Should().Be((4, 1));
        var lines = job.Lines("files/out.jsonl").Select(l => JsonDocument.Parse(l).RootElement).ToList();
        new FileInfo(job.PathOf("files/out.jsonl")).Length.Should().Be(files.OutputBytes);
        var first = lines[0];
        first.GetProperty("custom_id").GetString().Should().Be("p0.png");
        first.GetProperty("error").ValueKind.Should().Be(JsonValueKind.Null);
        first.GetProperty("response").GetProperty("status_code").GetInt32().Should().Be(200);
        var body = first.GetProperty("response").GetProperty("body");
        (body.GetProperty("object").GetString(), body.GetProperty("model").GetString()).Should().Be(("chat.completion", "tiny"));
        body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().Should().Be("caption of \"picture 0\" 猫 <b>");
        body.GetProperty("choices")[0].GetProperty("finish_reason").GetString().Should().Be("stop");
        body.GetProperty("usage").GetProperty("total_tokens").GetInt32().Should().Be(13);
        lines.Select(l => l.GetProperty("id").GetString()).Should().OnlyHaveUniqueItems().And.OnlyContain(id => id!.StartsWith("batch_req_"));
        var error = JsonDocument.Parse(job.Lines("files/err.jsonl").Single()).RootElement;
        (error.GetProperty("custom_id").GetString(), error.GetProperty("response").ValueKind, error.GetProperty("error").GetProperty("code").GetString())
            .Should().Be(("p3.png", JsonValueKind.Null, ErrorCodes.DecodeError));
    }

    [Fact]
    public async Task WriteAsync_Again_GivesTheSameFiles()
    {
        using var job = await DoneJob.CreateAsync(pictures: 5);
        await new BatchOutput(job.Store).WriteAsync(job.Job, "files/out.jsonl", "files/err.jsonl");
        await new BatchOutput(job.Store).WriteAsync(job.Job, "files/out2.jsonl", "files/err2.jsonl");

        job.Lines("files/out2.jsonl").Should().Equal(job.Lines("files/out.jsonl"));
    }

    [Fact]
    public async Task WriteAsync_WithoutErrors_WritesNoErrorFile()
    {
        using var job = await DoneJob.CreateAsync(pictures: 2);

        var files = await new BatchOutput(job.Store).WriteAsync(job.Job, "files/out.jsonl", "files/err.jsonl");

        (files.Completed, files.Failed, File.Exists(job.PathOf("files/err.jsonl"))).Should().Be((2, 0, false));
    }

    [Fact]
    public async Task WriteAsync_BeforeThereIsAnOutput_SaysSo()
    {
        using var job = await DoneJob.CreateAsync(pictures: 2);
        await job.Store.Blobs.DeleteAsync("manifest.json");

        await Assert.ThrowsAsync<BlobStoreException>(() => new BatchOutput(job.Store).WriteAsync(job.Job, "files/out.jsonl", "files/err.jsonl"));
    }
}
