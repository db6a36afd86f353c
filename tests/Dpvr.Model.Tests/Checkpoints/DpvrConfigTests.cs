using System.Text.Json.Nodes;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class DpvrConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Load_OfThePapersPlan_HasThirteenTextOnlyLayers()
    {
        var config = Load("""{"method":"dpvr-lf","num_hidden_layers":32,"saturation_layer":18}""", 32);

        config.TextOnlyLayers.Should().Equal(Enumerable.Range(18, 13));
        config.FusionLayer.Should().Be(31);
    }

    [Theory]
    [InlineData("saturation_layer", "0", "saturation_layer is 0; allowed: a whole number from 1 to 5")]
    [InlineData("saturation_layer", "6", "saturation_layer is 6; allowed: a whole number from 1 to 5")]
    [InlineData("saturation_layer", "null", "saturation_layer is missing")]
    [InlineData("fusion_layer", "6", "fusion_layer is 6; allowed: 1 to 5")]
    [InlineData("fusion_layer", "2", "saturation_layer is 3; allowed: a whole number from 1 to 2")]
    [InlineData("fusion_layer", "[4, 5]", "fusion_layer is a list of 2")]
    [InlineData("text_only_layers", "[3]", "text_only_layers is [3]; allowed: [3, 4]")]
    [InlineData("side_branch_layers", "2", "side_branch_layers is 2")]
    [InlineData("method", "\"dpvr\"", "method is dpvr; allowed: dpvr-lf")]
    [InlineData("num_hidden_layers", "7", "num_hidden_layers is 7; allowed: 6, the model's")]
    public void Load_WhenThePlanIsUnsound_NamesFieldValueAndWhatIsAllowed(string field, string value, string says)
    {
        var json = JsonNode.Parse("""{"method":"dpvr-lf","num_hidden_layers":6,"saturation_layer":3,"text_only_layers":[3,4],"fusion_layer":5,"side_branch_layers":1}""")!;
        json[field] = JsonNode.Parse(value);

        Assert.Throws<CheckpointException>(() => Load(json.ToJsonString(), 6)).Message.Should().Contain("dpvr_config.json").And.Contain(says);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    [InlineData(1, 3)]
    public void Save_ReadsBackTheSame(int saturation, int fusion)
    {
        var config = new DpvrConfig { NumHiddenLayers = 6, SaturationLayer = saturation, FusionLayer = fusion };

        config.Save(_folder.Path);

        DpvrConfig.Load(_folder.Path, 6).Should().Be(config);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(4, 3)]
    [InlineData(3, 6)]
    public void Save_WhenThePlanIsUnsound_Refuses(int saturation, int fusion) =>
        Assert.Throws<CheckpointException>(() => new DpvrConfig { NumHiddenLayers = 6, SaturationLayer = saturation, FusionLayer = fusion }.Save(_folder.Path));

    private DpvrConfig Load(string json, int layers)
    {
        File.WriteAllText(_folder.Of("dpvr_config.json"), json);
        return DpvrConfig.Load(_folder.Path, layers);
    }

    public void Dispose() => _folder.Dispose();
}
