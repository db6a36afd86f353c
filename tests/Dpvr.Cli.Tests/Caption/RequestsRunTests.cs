using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Requests;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Scenes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Cli.Tests.Caption;

/// <summary>The shipped model on rows that each bring their own prompt.</summary>
public sealed class RequestsRunTests
{
    [Fact]
    public async Task Caption_RowsWithTheirOwnPrompts_AnswersEachAsAJobOfItsOwnWould()
    {
        using var folder = Pictures(4);
        await File.WriteAllLinesAsync(folder.Of("in", "asked.requests.jsonl"), Enumerable.Range(0, 4).SelectMany(i => (string[])
        [
            Row($"caption-{i}", i, ""),
            Row($"question-{i}", i, $",\"prompt\":{JsonSerializer.Serialize(Question(i).Question)}"),
            Row($"short-{i}", i, ",\"max_tokens\":2"),
        ]));

        var run = await CaptionAsync(folder, folder.Of("in", "asked.requests.jsonl"), "out");
        await CaptionAsync(folder, folder.Of("in"), "plain");
        var verify = await CommandLine.RunAsync("verify", folder.Of("out"));

        run.Code.Should().Be(ExitCode.Ok, run.Out + run.Error);
        verify.Code.Should().Be(ExitCode.Ok, verify.Out);
        var records = Records(folder, "out");
        var plain = Records(folder, "plain");
        records.Select(r => r.GetProperty("custom_id").GetString()).Should().Equal(Enumerable.Range(0, 4).SelectMany(i => new[] { $"caption-{i}", $"question-{i}", $"short-{i}" }));
        for (var i = 0; i < 4; i++)
        {
            var (caption, answer, cut) = (records[3 * i], records[3 * i + 1], records[3 * i + 2]);
            Text(caption).Should().Be(Text(plain[i]));
            caption.GetProperty("work").GetString().Should().Be(plain[i].GetProperty("work").GetString(), "it is the same work, whoever asks for it");
            caption.TryGetProperty("prompt_text", out _).Should().BeFalse("the prompt is the job's");
            (answer.GetProperty("prompt").GetString(), answer.GetProperty("prompt_text").GetString()).Should().Be(("request", Question(i).Question));
            Text(answer).Should().NotBe(Text(caption));
            (cut.GetProperty("tokens").GetProperty("completion").GetInt32(), cut.GetProperty("finish_reason").GetString()).Should().Be((2, "length"));
            Text(caption).Should().StartWith(Text(cut));
        }
        // 92 % of such answers are right where it was measured: of four, two and more are.
        Enumerable.Range(0, 4).Count(i => SceneScoring.ScoreAnswer(Question(i), Text(records[3 * i + 1]))).Should().BeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Caption_RowsAfterAPromptChanged_ComputesThatOneAlone()
    {
        using var folder = Pictures(2);
        var file = folder.Of("in", "asked.requests.jsonl");
        await File.WriteAllLinesAsync(file, [Row("a", 0, ",\"prompt\":\"Describe the image.\""), Row("b", 1, ",\"prompt\":\"Describe the image.\"")]);
        await CaptionAsync(folder, file, "out");
        await File.WriteAllLinesAsync(file, [Row("a", 0, ",\"prompt\":\"Describe the image.\""), Row("b", 1, ",\"prompt\":\"How many objects are there?\"")]);

        var again = await CaptionAsync(folder, file, "out");

        again.Code.Should().Be(ExitCode.Ok, again.Error);
        Records(folder, "out").Select(r => r.TryGetProperty("reused", out _)).Should().Equal(true, false);
    }

    [Fact]
    public async Task Caption_RowsWithUrls_FetchesFromAllowedHostsAlone()
    {
        using var folder = Pictures(1);
        var picture = await File.ReadAllBytesAsync(folder.Of("in", Name(0)));
        await using var server = await PictureServer.StartAsync();
        server.OnGet = context => context.Response.Body.WriteAsync(picture).AsTask();
        var file = folder.Of("in", "asked.requests.jsonl");
        await File.WriteAllTextAsync(file, $$"""{"custom_id":"a","image":"{{server.Url("a.png")}}"}""");

        var blocked = await CaptionAsync(folder, file, "blocked");
        var allowed = await CaptionAsync(folder, file, "allowed", "--allow-host", $"127.0.0.1:{server.Port}");

        (blocked.Code, allowed.Code).Should().Be((ExitCode.ItemsFailed, ExitCode.Ok), blocked.Error + allowed.Error);
        (await File.ReadAllTextAsync(folder.Of("blocked", "errors.jsonl"))).Should().Contain("url_blocked");
        Records(folder, "allowed").Single().GetProperty("custom_id").GetString().Should().Be("a");
    }

    [Fact]
    public async Task Caption_AnOpenAiBatch_GivesItsLinesBack()
    {
        using var folder = Pictures(2);
        var store = new FileBlobStore(folder.Of("store"));
        var url = "data:image/png;base64," + Convert.ToBase64String(await File.ReadAllBytesAsync(folder.Of("in", Name(0))));
        var lines = $$$"""{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"tiny","max_tokens":32,"messages":[{"role":"user","content":[{"type":"text","text":"Describe the image."},{"type":"image_url","image_url":{"url":"{{{url}}}"}}]}]}}""";
        await new BatchConverter(store).ConvertAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines)), "rows.jsonl", new ChatRules(), new PictureClaims(store, "pictures/2026-11-28/"), 64);
        // As the rows of a store, with its pictures beside them: here as files, since this command has no other store.
        var rows = (await File.ReadAllTextAsync(folder.Of("store", "rows.jsonl"))).Replace("store:", "", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Of("store", "x.requests.jsonl"), rows);

        var run = await CaptionAsync(folder, folder.Of("store", "x.requests.jsonl"), "out");

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        var output = new JobStore(new FileBlobStore(folder.Of("out")), JobLayout.Embedded);
        var manifest = (await output.ReadManifestAsync("manifest.json"))!;
        await new BatchOutput(output).WriteAsync(manifest.Job, "batch/out.jsonl", "batch/errors.jsonl");
        var line = JsonDocument.Parse(await File.ReadAllTextAsync(folder.Of("out", "batch", "out.jsonl"))).RootElement;
        line.GetProperty("custom_id").GetString().Should().Be("x");
        line.GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().Should().Be(Text(Records(folder, "out").Single()));
    }

    [Theory]
    [InlineData("--source-kind", "requests", "is a folder")]
    [InlineData("--source-kind", "tar", "--source-kind")]
    [InlineData("--allow-host", "http://x", "--allow-host")]
    public async Task Caption_ASourceThatIsNone_IsRefused(string option, string value, string says)
    {
        using var folder = Pictures(1);

        var run = await CaptionAsync(folder, folder.Of("in"), "out", option, value);

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(says);
    }

    private static SceneQuestion Question(int index) => SceneQuestions.Draw(SceneGenerator.Generate(SceneSplit.Test, index), 7, 1)[0];

    private static string Name(int index) =>
        Path.GetFileName(Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "scenes"), $"test-{index:D6}.*").Single());

    private static string Row(string id, int picture, string more) => $$"""{"custom_id":"{{id}}","image":"{{Name(picture)}}"{{more}}}""";

    private static TempFolder Pictures(int count)
    {
        var folder = new TempFolder();
        Directory.CreateDirectory(folder.Of("in"));
        for (var i = 0; i < count; i++) File.Copy(Path.Combine(Repository.Root, "samples", "scenes", Name(i)), folder.Of("in", Name(i)));
        return folder;
    }

    private static Task<CommandLine> CaptionAsync(TempFolder folder, string source, string output, params string[] options) =>
        CommandLine.RunAsync(["caption", source, "--output", folder.Of(output), "--threads", "1", .. options]);

    private static string Text(JsonElement record) => record.GetProperty("text").GetString()!;

    private static IReadOnlyList<JsonElement> Records(TempFolder folder, string output) =>
        [.. File.ReadLines(folder.Of(output, "captions.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
}
