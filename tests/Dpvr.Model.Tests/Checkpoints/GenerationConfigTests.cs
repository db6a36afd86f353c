using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class GenerationConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Load_WhenFileIsMissing_GivesTheDefaults() =>
        GenerationConfig.Load(_folder.Path).Should().BeEquivalentTo(new GenerationConfig());

    [Theory]
    [InlineData("2", new[] { 2 })]
    [InlineData("[2, 32007]", new[] { 2, 32007 })]
    public void Load_ReadsOneOrSeveralEos(string eos, int[] ids) => Load($$"""{"eos_token_id": {{eos}}}""").EosTokenIds.Should().Equal(ids);

    [Fact]
    public void Load_ReadsSampling()
    {
        var config = Load("""{"bos_token_id":0,"pad_token_id":7,"do_sample":true,"temperature":0.2,"top_k":5,"top_p":0.9,"max_new_tokens":64,"_from_model_config":true}""");

        config.Should().BeEquivalentTo(new GenerationConfig { BosTokenId = 0, PadTokenId = 7, DoSample = true, Temperature = 0.2, TopK = 5, TopP = 0.9, MaxNewTokens = 64 });
    }

    [Theory]
    [InlineData("""{"eos_token_id":[]}""", "eos_token_id is []")]
    [InlineData("""{"eos_token_id":"</s>"}""", "eos_token_id is \"</s>\"")]
    [InlineData("""{"top_p":1.5}""", "top_p is 1.5; allowed: a number from 0 to 1")]
    [InlineData("""{"temperature":-1}""", "temperature is -1")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens is 0")]
    public void Load_WhenAValueIsNotAllowed_NamesIt(string json, string says) =>
        Assert.Throws<CheckpointException>(() => Load(json)).Message.Should().Contain("generation_config.json").And.Contain(says);

    [Fact]
    public void Save_ReadsBackTheSame()
    {
        var config = new GenerationConfig { EosTokenIds = [2, 5], PadTokenId = 7, DoSample = true, Temperature = 0.5, TopK = 3, TopP = 0.8, MaxNewTokens = 9 };

        config.Save(_folder.Path);

        GenerationConfig.Load(_folder.Path).Should().BeEquivalentTo(config);
    }

    private GenerationConfig Load(string json)
    {
        File.WriteAllText(_folder.Of("generation_config.json"), json);
        return GenerationConfig.Load(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();
}
