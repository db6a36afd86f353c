namespace Dpvr.Model.Checkpoints;

/// <summary>
/// <c>dpvr_config.json</c>: the routing plan a side branch was trained for (arXiv 2606.09131). Vision tokens leave at the
/// input of <see cref="SaturationLayer"/> s and come back at <see cref="FusionLayer"/> f; layers s…f−1 see text only.
/// </summary>
public sealed record DpvrConfig
{
    public const string FileName = "dpvr_config.json";
    public const string LongTailFusion = "dpvr-lf";

    /// <summary>Default: "dpvr-lf", the only method known here.</summary>
    public string Method { get; init; } = LongTailFusion;

    /// <summary>Decoder layers L of the model it belongs to.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>s, with 0 &lt; s ≤ f.</summary>
    public required int SaturationLayer { get; init; }

    /// <summary>f, with s ≤ f ≤ L−1; the layers f…L−1 see both streams. Default in the file: L−1.</summary>
    public required int FusionLayer { get; init; }

    /// <summary>Decoder layers in the side branch. Default: 1, the only number supported.</summary>
    public int SideBranchLayers { get; init; } = 1;

    /// <summary>Layers s…f−1.</summary>
    public IEnumerable<int> TextOnlyLayers => Enumerable.Range(SaturationLayer, FusionLayer - SaturationLayer);

    /// <param name="folder">Folder that holds the file.</param>
    /// <param name="modelLayers">Decoder layers of the model, which the file must agree with; null skips this check.</param>
    /// <exception cref="CheckpointException">The file is missing, not valid, or made for another model.</exception>
    public static DpvrConfig Load(string folder, int? modelLayers = null) => LoadFile(Path.Combine(folder, FileName), modelLayers);

    internal static DpvrConfig LoadFile(string file, int? modelLayers)
    {
        var root = ConfigObject.Load(file);
        var layers = Required(root, "num_hidden_layers", 1, int.MaxValue);
        if (modelLayers is { } expected && layers != expected) throw root.Refuse("num_hidden_layers", layers, $"{expected}, the model's number of decoder layers");

        var fusion = Fusion(root, layers);
        var config = new DpvrConfig
        {
            Method = root.OneOf("method", LongTailFusion, LongTailFusion),
            NumHiddenLayers = layers,
            FusionLayer = fusion,
            SaturationLayer = Required(root, "saturation_layer", 1, fusion),
            SideBranchLayers = root.Int("side_branch_layers", 1, 1) ?? 1,
        };
        if (root.Ints("text_only_layers") is { } textOnly && !textOnly.SequenceEqual(config.TextOnlyLayers))
            throw root.Refuse("text_only_layers", $"[{string.Join(", ", textOnly)}]", $"[{string.Join(", ", config.TextOnlyLayers)}] (saturation_layer to fusion_layer - 1)");
        return config;
    }

    /// <summary>Writes <c>dpvr_config.json</c>.</summary>
    public void Save(string folder)
    {
        if (SaturationLayer < 1 || SaturationLayer > FusionLayer || FusionLayer >= NumHiddenLayers)
            throw new CheckpointException($"saturation_layer {SaturationLayer}, fusion_layer {FusionLayer}, num_hidden_layers {NumHiddenLayers}: allowed is 0 < saturation ≤ fusion ≤ layers - 1.");
        AtomicFile.WriteJson(Path.Combine(folder, FileName), json =>
        {
            json.WriteString("method", Method);
            json.WriteNumber("num_hidden_layers", NumHiddenLayers);
            json.WriteNumber("saturation_layer", SaturationLayer);
            json.WriteStartArray("text_only_layers");
            foreach (var layer in TextOnlyLayers) json.WriteNumberValue(layer);
            json.WriteEndArray();
            json.WriteNumber("fusion_layer", FusionLayer);
            json.WriteNumber("side_branch_layers", SideBranchLayers);
        });
    }

    private static int Fusion(ConfigObject root, int layers)
    {
        const string Name = "fusion_layer";
        var listed = root.Ints(Name) ?? [layers - 1];
        if (listed.Length != 1) throw root.Refuse(Name, $"a list of {listed.Length}", "one layer: the first of the fused layers");
        return listed[0] >= 1 && listed[0] < layers ? listed[0] : throw root.Refuse(Name, listed[0], $"1 to {layers - 1} (num_hidden_layers - 1)");
    }

    private static int Required(ConfigObject root, string name, int min, int max) =>
        root.Int(name, min, max) ?? throw root.Refuse(name, "missing", $"a whole number from {min} to {max}");
}
