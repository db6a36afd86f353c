using System.Text.Json;
using Dpvr.Data.Blobs;

namespace Dpvr.Cli.Tests.Caption;

/// <summary>Whole runs in this process: real silo, real store, real engine with a tiny model.</summary>
public sealed class CaptionRunTests(TinyModel model) : IClassFixture<TinyModel>
{
    [Fact]
    public async Task Caption_AFolder_WritesARecordForEveryPictureInOrderAndVerifies()
    {
        using var folder = await PicturesAsync(12);

        var run = await CaptionAsync(folder);
        var verify = await CommandLine.RunAsync("verify", folder.Of("out"));

        run.Error.Should().BeEmpty();
        run.Code.Should().Be(ExitCode.Ok, run.Out);
        Records(folder).Select(r => r.GetProperty("custom_id").GetString()).Should().Equal(Directory.GetFiles(folder.Of("in"), "test-*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Records(folder).Should().AllSatisfy(r => r.GetProperty("width").GetInt32().Should().Be(64));
        verify.Code.Should().Be(ExitCode.Ok, verify.Out);
        verify.Out.Should().Contain("all holds");
    }

    [Fact]
    public async Task Caption_SeveralPromptsAndSidecars_AreAllThere()
    {
        using var folder = await PicturesAsync(3);

        var run = await CaptionAsync(folder, "--prompt", "Describe.", "--question", "colour=Which colour?", "--sidecars");

        run.Code.Should().Be(ExitCode.Ok, run.Out + run.Error);
        Records(folder).Select(r => r.GetProperty("prompt").GetString()).Should().Equal("caption", "colour", "caption", "colour", "caption", "colour");
        Directory.EnumerateFiles(folder.Of("out"), "*.txt", SearchOption.AllDirectories).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Caption_Twice_FindsTheJobDoneAndComputesNothing()
    {
        using var folder = await PicturesAsync(5);
        await CaptionAsync(folder);
        var before = await File.ReadAllTextAsync(folder.Of("out", "captions.jsonl"));

        var again = await CaptionAsync(folder);

        again.Code.Should().Be(ExitCode.Ok, again.Error);
        again.Out.Should().Contain("already done");
        (await File.ReadAllTextAsync(folder.Of("out", "captions.jsonl"))).Should().Be(before);
    }

    [Fact]
    public async Task Caption_AfterAPictureWasAdded_ComputesOnlyThatOne()
    {
        using var folder = await PicturesAsync(5);
        await CaptionAsync(folder);
        await CommandLine.RunAsync("scenes", "generate", folder.Of("in"), "--count", "6", "--size", "64");

        var again = await CaptionAsync(folder);

        again.Code.Should().Be(ExitCode.Ok, again.Out + again.Error);
        Records(folder).Should().HaveCount(6);
        Records(folder).Count(r => r.TryGetProperty("reused", out _)).Should().Be(5);
    }

    [Fact]
    public async Task Caption_WithABadPicture_SaysSoAndTheOthersSucceed()
    {
        using var folder = await PicturesAsync(3);
        await File.WriteAllTextAsync(folder.Of("in", "broken.jpg"), "<html>no picture</html>");

        var run = await CaptionAsync(folder);
        var allowed = await CaptionAsync(folder, "--allow-failures", "--overwrite");

        run.Code.Should().Be(ExitCode.ItemsFailed, run.Error);
        allowed.Code.Should().Be(ExitCode.Ok, allowed.Error);
        Records(folder).Should().HaveCount(3);
        var error = JsonDocument.Parse(File.ReadLines(folder.Of("out", "errors.jsonl")).Single()).RootElement;
        (error.GetProperty("custom_id").GetString(), error.GetProperty("error").GetProperty("code").GetString()).Should().Be(("broken.jpg", "unsupported_format"));
        (await CommandLine.RunAsync("verify", folder.Of("out"))).Code.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public async Task Caption_Json_WritesOneEventALineAndNothingElse()
    {
        using var folder = await PicturesAsync(4);

        var run = await CaptionAsync(folder, "--json");

        var events = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        events[0].GetProperty("event").GetString().Should().Be("started");
        events[^1].GetProperty("event").GetString().Should().Be("ended");
        events[^1].GetProperty("images_done").GetInt64().Should().Be(4);
        events[^1].GetProperty("exit_code").GetInt32().Should().Be(0);
        events.Should().Contain(e => e.GetProperty("event").GetString() == "progress");
    }

    [Fact]
    public async Task Caption_AnEmptyFolder_SucceedsWithNothing()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Of("in"));

        var run = await CaptionAsync(folder);

        run.Code.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().Contain("no pictures");
    }

    [Fact]
    public async Task Caption_WhenAnotherIsAtWorkOnTheOutput_IsRefused()
    {
        using var folder = await PicturesAsync(1);
        using var held = OutputLock.TryAcquire(folder.Of("out"));

        var run = await CaptionAsync(folder);

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("another dpvr");
    }

    [Theory]
    [InlineData("routing", "side branch", "--routing", "dpvr-lf")]
    [InlineData("device", "cuda", "--device", "cuda:9")]
    [InlineData("prompt", "markers", "--prompt", "<image><image> what?")]
    public async Task Caption_WhatTheModelCannotDo_IsRefusedBeforeAnyWork(string why, string says, params string[] options)
    {
        using var folder = await PicturesAsync(1);

        var run = await CaptionAsync(folder, options);

        run.Code.Should().Be(ExitCode.Usage, why);
        run.Error.Should().Contain(says);
        File.Exists(folder.Of("out", "captions.jsonl")).Should().BeFalse();
    }

    [Fact]
    public async Task Verify_AChangedResult_IsFound()
    {
        using var folder = await PicturesAsync(3);
        await CaptionAsync(folder);
        var path = folder.Of("out", "captions.jsonl");
        var lines = await File.ReadAllLinesAsync(path);
        await File.WriteAllLinesAsync(path, [lines[0], lines[0], lines[2]]);

        var run = await CommandLine.RunAsync("verify", folder.Of("out"));

        run.Code.Should().Be(ExitCode.JobFailed);
        run.Out.Should().Contain("I1").And.Contain("do not hold");
    }

    private static async Task<TempFolder> PicturesAsync(int count)
    {
        var folder = new TempFolder();
        await CommandLine.RunAsync("scenes", "generate", folder.Of("in"), "--count", $"{count}", "--size", "64");
        return folder;
    }

    private Task<CommandLine> CaptionAsync(TempFolder folder, params string[] options) =>
        CommandLine.RunAsync(["caption", folder.Of("in"), "--output", folder.Of("out"), "--model", model.Folder, "--max-new-tokens", "4", "--threads", "1", .. options]);

    private static IReadOnlyList<JsonElement> Records(TempFolder folder) =>
        [.. File.ReadLines(folder.Of("out", "captions.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
}
