namespace Dpvr.Model.Tests.Checkpoints;

public sealed class CheckpointShardTests
{
    private const string Query = "language_model.model.layers.2.self_attn.q_proj.weight";
    private const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";

    [Fact]
    public void Open_WhenIndexNamesATensorNoShardHas_NamesIt()
    {
        using var folder = new ModelFolder().WriteSharded(map => map["ghost.weight"] = Second);

        folder.Refusal().Should().Contain("'ghost.weight' is missing").And.Contain(Second);
    }

    [Fact]
    public void Open_WhenShardHoldsATensorNotInTheIndex_NamesIt()
    {
        using var folder = new ModelFolder().WriteSharded(map => map.Remove(Query));

        folder.Refusal().Should().Contain($"'{Query}' is not in model.safetensors.index.json");
    }

    [Fact]
    public void Open_WhenIndexNamesAnotherShard_NamesBoth()
    {
        using var folder = new ModelFolder().WriteSharded(map => map[Query] = map[Query] == First ? Second : First);

        folder.Refusal().Should().Contain($"'{Query}'").And.Contain(First).And.Contain(Second);
    }

    [Fact]
    public void Open_WhenShardIsMissing_NamesIt()
    {
        using var folder = new ModelFolder().WriteSharded();
        File.Delete(folder.FileAt(Second));

        folder.Refusal().Should().Contain(Second);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("pytorch_model.bin")]
    public void Open_WhenIndexLeavesTheFolder_RefusesTheName(string shard)
    {
        using var folder = new ModelFolder().WriteSharded(map => map[Query] = shard);

        folder.Refusal().Should().Contain($"weight_map['{Query}']").And.Contain(shard);
    }

    [Fact]
    public void Open_WhenIndexIsEmptyOrBroken_NamesTheFile()
    {
        using var folder = new ModelFolder().WriteSharded(map => map.Clear());
        folder.Refusal().Should().Contain("weight_map is empty");

        File.WriteAllText(folder.FileAt("model.safetensors.index.json"), "{\"weight_map\":");
        folder.Refusal().Should().Contain("model.safetensors.index.json").And.Contain("cannot be read");
    }

    [Fact]
    public void Open_WhenAShardIsUnsound_NamesShardAndTensor()
    {
        using var folder = new ModelFolder().WriteSharded();
        using (var stream = File.OpenWrite(folder.FileAt(First))) stream.SetLength(stream.Length - 4);

        folder.Refusal().Should().Contain(First).And.MatchRegex("tensor '.+': data_offsets end at");
    }
}
