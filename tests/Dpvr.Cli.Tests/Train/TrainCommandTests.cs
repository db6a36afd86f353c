using System.Text.Json.Nodes;

namespace Dpvr.Cli.Tests.Train;

/// <summary>The way from nothing to a model with a side branch and a card, on the smallest shapes.</summary>
public sealed class TrainCommandTests
{
    private static readonly string[] Small = ["--width", "32", "--layers", "3", "--saturation", "1", "--vision-width", "32", "--vision-layers", "2", "--image-size", "56", "--batch-size", "2", "--warmup", "1", "--threads", "1", "--vision-steps", "1", "--questions", "1"];

    [Fact]
    public async Task Train_FromNothing_MakesAModelThatCaptionsAndItsCard()
    {
        using var folder = new TempFolder();
        var model = folder.Of("model");

        Ok(await CommandLine.RunAsync(["train", "base", model, "--steps", "3", .. Small]));
        Ok(await CommandLine.RunAsync("train", "side-branch", model, "--saturation", "1", "--steps", "2", "--batch-size", "2", "--warmup", "1", "--threads", "1"));
        Ok(await CommandLine.RunAsync("eval", "--model", model, "--scenes", "2", "--questions", "1", "--max-new-tokens", "4", "--threads", "1", "--card"));

        File.Exists(Path.Combine(model, "training-base.png")).Should().BeTrue();
        File.Exists(Path.Combine(model, "dpvr", "dpvr.safetensors")).Should().BeTrue();
        var training = JsonNode.Parse(File.ReadAllText(Path.Combine(model, "training.json")))!;
        training["base"]!["steps"]!.GetValue<int>().Should().Be(3);
        training["side_branch"]!["batch"]!.GetValue<int>().Should().Be(2);
        var card = File.ReadAllText(Path.Combine(model, "README.md"));
        card.Should().Contain("takes pictures out of layers 1 to 1 and brings them back in layer 2").And.Contain("| caption facts right |").And.Contain("dpvr-lf")
            .And.NotContain(folder.Of("model"), "a card travels, a path does not");
    }

    [Fact]
    public async Task TrainBase_WhenRunAgainWithMoreSteps_GoesOn()
    {
        using var folder = new TempFolder();
        Ok(await CommandLine.RunAsync(["train", "base", folder.Of("model"), "--steps", "2", .. Small]));

        var again = Ok(await CommandLine.RunAsync(["train", "base", folder.Of("model"), "--steps", "4", .. Small]));

        again.Out.Should().Contain("going on from step 2").And.Contain("step 4/4");
    }

    [Fact]
    public async Task TrainSideBranch_OnConversations_ReadsLlavasFormat()
    {
        using var folder = new TempFolder();
        Ok(await CommandLine.RunAsync(["train", "base", folder.Of("model"), "--steps", "2", .. Small]));
        Ok(await CommandLine.RunAsync("scenes", "generate", folder.Of("data"), "--count", "3", "--size", "64", "--split", "train", "--conversations"));

        var trained = Ok(await CommandLine.RunAsync("train", "side-branch", folder.Of("model"), "--data", folder.Of("data", "conversations.json"), "--output", folder.Of("branch"),
            "--saturation", "1", "--steps", "2", "--batch-size", "2", "--threads", "1"));

        trained.Out.Should().Contain("step 2/2");
        File.Exists(folder.Of("branch", "dpvr.safetensors")).Should().BeTrue();
        File.Exists(folder.Of("branch", "dpvr_config.json")).Should().BeTrue();
    }

    [Theory]
    [InlineData("--width", "33", "a multiple of 32")]
    [InlineData("--image-size", "100", "a multiple of 14")]
    [InlineData("--saturation", "9", "1 to 2")]
    public async Task TrainBase_WhenAnOptionIsWrong_NamesItAndWhatIsAllowed(string option, string value, string allowed)
    {
        using var folder = new TempFolder();
        string[] rest = [.. Small.Chunk(2).Where(pair => pair[0] != option).SelectMany(pair => pair)];

        var run = await CommandLine.RunAsync(["train", "base", folder.Of("model"), "--steps", "2", .. rest, option, value]);

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(option).And.Contain(value).And.Contain(allowed);
    }

    [Fact]
    public async Task TrainSideBranch_WhenTheDataIsNotConversations_SaysSo()
    {
        using var folder = new TempFolder();
        Ok(await CommandLine.RunAsync(["train", "base", folder.Of("model"), "--steps", "2", .. Small]));
        File.WriteAllText(folder.Of("data.json"), "{\"a\": 1}");

        var run = await CommandLine.RunAsync("train", "side-branch", folder.Of("model"), "--data", folder.Of("data.json"), "--threads", "1");

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain("--data").And.Contain("conversation format");
    }

    private static CommandLine Ok(CommandLine run)
    {
        (run.Code, run.Error).Should().Be((ExitCode.Ok, ""));
        return run;
    }
}
