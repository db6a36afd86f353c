namespace Dpvr.Model.Checkpoints;

/// <summary><c>generation_config.json</c>: how a checkpoint wants to be sampled. A missing file or field means the default.</summary>
public sealed record GenerationConfig
{
    public const string FileName = "generation_config.json";

    /// <summary>Ids that end a text (<c>eos_token_id</c>, one or a list). Default: 2, LLaMA's.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [2];

    /// <summary>Default: 1, LLaMA's.</summary>
    public int BosTokenId { get; init; } = 1;

    public int? PadTokenId { get; init; }

    /// <summary>False decodes greedily, whatever the other fields say. Default: false.</summary>
    public bool DoSample { get; init; }

    /// <summary>Default: 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Candidates that sampling keeps; 0 keeps all. Default: 50, as in transformers.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>Probability mass that sampling keeps. Default: 1.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Null when the checkpoint does not say.</summary>
    public int? MaxNewTokens { get; init; }

    /// <exception cref="CheckpointException">The file is there but not valid.</exception>
    public static GenerationConfig Load(string folder)
    {
        var file = Path.Combine(folder, FileName);
        var defaults = new GenerationConfig();
        if (!File.Exists(file)) return defaults;

        var root = ConfigObject.Load(file);
        var eos = root.Ints("eos_token_id") ?? [.. defaults.EosTokenIds];
        if (eos.Length == 0 || eos.Any(id => id < 0)) throw root.Refuse("eos_token_id", $"[{string.Join(", ", eos)}]", "one or more ids from 0");
        return new GenerationConfig
        {
            EosTokenIds = eos,
            BosTokenId = root.Int("bos_token_id", 0) ?? defaults.BosTokenId,
            PadTokenId = root.Int("pad_token_id", -1), // vicuna's has -1: none
            DoSample = root.Flag("do_sample") ?? defaults.DoSample,
            Temperature = root.Number("temperature", 0, 100) ?? defaults.Temperature,
            TopK = root.Int("top_k", 0) ?? defaults.TopK,
            TopP = root.Number("top_p", 0, 1) ?? defaults.TopP,
            MaxNewTokens = root.Size("max_new_tokens"),
        };
    }

    /// <summary>Writes <c>generation_config.json</c>.</summary>
    public void Save(string folder) => AtomicFile.WriteJson(Path.Combine(folder, FileName), json =>
    {
        json.WriteNumber("bos_token_id", BosTokenId);
        if (EosTokenIds.Count == 1) json.WriteNumber("eos_token_id", EosTokenIds[0]);
        else
        {
            json.WriteStartArray("eos_token_id");
            foreach (var id in EosTokenIds) json.WriteNumberValue(id);
            json.WriteEndArray();
        }
        if (PadTokenId is { } pad) json.WriteNumber("pad_token_id", pad);
        json.WriteBoolean("do_sample", DoSample);
        if (DoSample)
        {
            // transformers warns about sampling fields in a greedy configuration
            json.WriteNumber("temperature", Temperature);
            json.WriteNumber("top_k", TopK);
            json.WriteNumber("top_p", TopP);
        }
        if (MaxNewTokens is { } max) json.WriteNumber("max_new_tokens", max);
    });
}
