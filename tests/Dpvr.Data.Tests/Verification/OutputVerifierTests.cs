using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Verification;

/// <summary>The verifier against outputs with one fault each: it must name each.</summary>
public sealed class OutputVerifierTests
{
    [Theory]
    [InlineData(10, false, new string[0])]
    [InlineData(10, true, new[] { "caption", "colour" })]
    [InlineData(0, false, new string[0])]
    [InlineData(1, true, new string[0])]
    public async Task VerifyAsync_WhenNothingWasTouched_FindsNothing(int pictures, bool sidecars, string[] prompts)
    {
        using var job = await DoneJob.CreateAsync(pictures, sidecars, prompts);

        var report = await job.VerifyAsync();

        report.Findings.Should().BeEmpty();
        report.Job.Should().Be(job.Job);
        report.Counted.Total.Should().Be(pictures * Math.Max(1, prompts.Length));
    }

    [Fact]
    public async Task VerifyAsync_WhenARowIsDoubled_NamesBothLines() =>
        await MutantAsync("I1", "second record", async job =>
        {
            var lines = job.Lines("captions.jsonl");
            await RewriteAsync(job, "captions.jsonl", [.. lines, lines[2]]);
        }, finding => finding is { Line: 10, CustomId: "p2.png" });

    [Fact]
    public async Task VerifyAsync_WhenARowIsLost_NamesItsId() =>
        await MutantAsync("I1", "no record", job => RewriteAsync(job, "captions.jsonl", [.. job.Lines("captions.jsonl").Skip(1)]), static f => f.CustomId == "p0.png");

    [Fact]
    public async Task VerifyAsync_WhenAnErrorRowIsLost_NamesItsId() =>
        await MutantAsync("I1", "no record", static job => RewriteAsync(job, "errors.jsonl", []), static f => f.CustomId == "p3.png");

    [Fact]
    public async Task VerifyAsync_WhenARowIsForeign_NamesIt() =>
        await MutantAsync("I1", "no such id", static job => RewriteAsync(job, "captions.jsonl", [.. job.Lines("captions.jsonl"), job.Lines("captions.jsonl")[0].Replace("p0.png", "other.png")]));

    [Fact]
    public async Task VerifyAsync_WhenRowsAreOutOfOrder_NamesTheLine() =>
        await MutantAsync("I1", "order", static job =>
        {
            var lines = job.Lines("captions.jsonl");
            (lines[1], lines[4]) = (lines[4], lines[1]);
            return RewriteAsync(job, "captions.jsonl", lines);
        });

    [Fact]
    public async Task VerifyAsync_WhenAnErrorStandsAmongCaptions_NamesIt() =>
        await MutantAsync("I1", "an error among the captions", static async job =>
        {
            await RewriteAsync(job, "captions.jsonl", [.. job.Lines("captions.jsonl"), job.Lines("errors.jsonl")[0]]);
            await RewriteAsync(job, "errors.jsonl", []);
        });

    [Fact]
    public async Task VerifyAsync_WhenOneByteChanged_NamesTheFile() =>
        await MutantAsync("I4", "SHA-256", static job => EditAsync(job, "captions.jsonl", static text => text.Replace("picture 5", "picture X")), static f => f.File == "captions.jsonl");

    [Fact]
    public async Task VerifyAsync_WhenALineIsHalf_NamesTheLine() =>
        await MutantAsync("I4", "no end", static job => EditAsync(job, "captions.jsonl", static text => text[..^20]), static f => f.Line == 9);

    [Fact]
    public async Task VerifyAsync_WhenAFileIsGone_NamesIt() => await MutantAsync("I4", "not there", static job => Task.Run(() => File.Delete(job.PathOf("errors.jsonl"))));

    [Fact]
    public async Task VerifyAsync_WhenTheManifestIsGone_SaysUnfinished() => await MutantAsync("I4", "no manifest", static job => Task.Run(() => File.Delete(job.PathOf("manifest.json"))));

    [Fact]
    public async Task VerifyAsync_WhenTheManifestIsHalf_SaysSo() => await MutantAsync("I4", "cannot be read", static job => EditAsync(job, "manifest.json", static text => text[..^30]));

    [Theory]
    [InlineData("requests", "succeeded")]
    [InlineData("requests", "failed")]
    [InlineData("requests", "total")]
    [InlineData("requests", "skipped")]
    [InlineData("requests", "reused")]
    [InlineData(null, "completion_tokens")]
    [InlineData(null, "images")]
    public async Task VerifyAsync_WhenATotalIsWrong_SaysSo(string? parent, string field) =>
        await MutantAsync("I2", "", job => ManifestAsync(job, manifest =>
        {
            var holder = parent is null ? manifest : manifest[parent]!.AsObject();
            holder[field] = (long)holder[field]! + 1;
        }));

    [Fact]
    public async Task VerifyAsync_WhenTheManifestsLineCountIsWrong_SaysSo() =>
        await MutantAsync("I4", "the manifest says", static job => ManifestAsync(job, static manifest => manifest["files"]![0]!["count"] = 8));

    [Fact]
    public async Task VerifyAsync_WhenAShardsDataChanged_NamesIt() =>
        await MutantAsync("I4", "does not match its completion marker", static job => EditAsync(job, $".dpvr/jobs/{job.Job}/{JobLayout.DataName(new ShardId(1), 1)}", static text => text.Replace("tiny", "tinY")));

    [Fact]
    public async Task VerifyAsync_WhenAMarkerIsGone_NamesTheShard() =>
        await MutantAsync("I1", "no completion marker", static job => Task.Run(() => File.Delete(job.PathOf(job.Store.Layout.Done(job.Job, new ShardId(2))))));

    [Fact]
    public async Task VerifyAsync_WhenAMarkersCountsAreWrong_SaysSo() =>
        await MutantAsync("I2", "the completion markers", static job => EditAsync(job, job.Store.Layout.Done(job.Job, new ShardId(0)), static text => text.Replace("\"succeeded\":3", "\"succeeded\":2")));

    [Fact]
    public async Task VerifyAsync_WhenAShardWasTriedTooOften_SaysSo() =>
        await MutantAsync("I3", "tried 4 times", static async job =>
        {
            for (var attempt = 2; attempt <= 5; attempt++)
                await job.Store.TryCreateAttemptAsync(job.Job, new AttemptRecord { Shard = new ShardId(1), Attempt = attempt, Token = "t", Worker = "w", Outcome = AttemptOutcome.Expired });
        });

    [Fact]
    public async Task VerifyAsync_WhenAttemptsWereReleasedOrInterrupted_CountsThemNot()
    {
        using var job = await DoneJob.CreateAsync();
        for (var attempt = 2; attempt <= 9; attempt++)
            await job.Store.TryCreateAttemptAsync(job.Job, new AttemptRecord { Shard = new ShardId(1), Attempt = attempt, Token = "t", Worker = "w", Outcome = attempt % 2 == 0 ? AttemptOutcome.Released : AttemptOutcome.Interrupted });

        (await job.VerifyAsync()).Ok.Should().BeTrue();
    }

    [Fact]
    public async Task VerifyAsync_WhenASidecarWasChanged_NamesIt()
    {
        using var job = await DoneJob.CreateAsync(sidecars: true);
        File.AppendAllText(job.PathOf("p1.txt"), "!");
        File.Delete(job.PathOf("p2.txt"));

        (await job.VerifyAsync()).Findings.Select(static f => f.File).Should().BeEquivalentTo("p1.txt", "p2.txt");
    }

    [Fact]
    public async Task VerifyAsync_WhenThePlanIsGone_SaysThatItCannotKnow() =>
        await MutantAsync("I1", "plan", static job => Task.Run(() => File.Delete(job.PathOf(job.Store.Layout.Plan(job.Job)))));

    private static async Task MutantAsync(string invariant, string message, Func<DoneJob, Task> mutate, Func<Data.Verification.Finding, bool>? where = null)
    {
        using var job = await DoneJob.CreateAsync();
        (await job.VerifyAsync()).Ok.Should().BeTrue("before the fault everything holds");
        await mutate(job);

        (await job.VerifyAsync()).Findings.Should().Contain(f => f.Invariant == invariant && f.Message.Contains(message) && (where == null || where(f)));
    }

    // A clever liar: the manifest is made to match the file, so that only the rows themselves can tell.
    private static async Task RewriteAsync(DoneJob job, string name, string[] lines)
    {
        var text = string.Concat(lines.Select(static l => l + "\n"));
        await File.WriteAllTextAsync(job.PathOf(name), text);
        var bytes = await File.ReadAllBytesAsync(job.PathOf(name));
        await ManifestAsync(job, manifest =>
        {
            var file = manifest["files"]!.AsArray().Single(f => (string)f!["path"]! == name)!;
            file["count"] = lines.Length;
            file["bytes"] = bytes.Length;
            file["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        });
    }

    private static Task EditAsync(DoneJob job, string name, Func<string, string> edit)
    {
        var before = File.ReadAllText(job.PathOf(name));
        var after = edit(before);
        after.Should().NotBe(before, "the mutant must differ");
        return File.WriteAllTextAsync(job.PathOf(name), after);
    }

    private static Task ManifestAsync(DoneJob job, Action<JsonObject> edit)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(job.PathOf("manifest.json")))!.AsObject();
        edit(manifest);
        return File.WriteAllTextAsync(job.PathOf("manifest.json"), manifest.ToJsonString());
    }
}
