using System.Text.Json;

namespace Dpvr.Model.Checkpoints;

/// <summary>Finds the weight files of a model folder: one file, or shards with their index, which must agree to the name.</summary>
internal static class CheckpointFiles
{
    internal const string Single = "model.safetensors";
    internal const string Index = "model.safetensors.index.json";

    /// <summary>Opens every weight file; the caller disposes what was added to <paramref name="opened"/>, also after an exception.</summary>
    internal static void Open(string folder, List<SafetensorsFile> opened)
    {
        if (!Directory.Exists(folder)) throw new CheckpointException($"{folder}: there is no such model folder.");
        if (File.Exists(Path.Combine(folder, Single)))
        {
            opened.Add(SafetensorsFile.Open(Path.Combine(folder, Single)));
            return;
        }
        if (!File.Exists(Path.Combine(folder, Index))) throw NoWeights(folder);

        var map = ReadIndex(Path.Combine(folder, Index));
        foreach (var shard in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var file = SafetensorsFile.Open(Path.Combine(folder, shard));
            opened.Add(file);
            foreach (var name in file.Tensors.Keys)
            {
                if (!map.TryGetValue(name, out var home))
                    throw new CheckpointException($"{file.Path}: tensor '{name}' is not in {Index}.");
                if (home != shard)
                    throw new CheckpointException($"{file.Path}: tensor '{name}' belongs to {home} according to {Index}.");
            }
        }
        var present = opened.SelectMany(f => f.Tensors.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, shard) in map)
            if (!present.Contains(name))
                throw new CheckpointException($"{Path.Combine(folder, shard)}: tensor '{name}' is missing, although {Index} names it.");
    }

    private static Dictionary<string, string> ReadIndex(string file)
    {
        var root = ConfigObject.Load(file);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in root.Object("weight_map")?.Properties ?? throw root.Refuse("weight_map", "missing", "an object of tensor name to file name"))
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            // A plain name only: an index must not make us read files outside the model's folder.
            if (!shard.EndsWith(".safetensors", StringComparison.Ordinal) || shard.AsSpan().ContainsAny('/', '\\', '\0'))
                throw root.Refuse($"weight_map['{entry.Name}']", entry.Value.GetRawText(), "the name of a .safetensors file in the same folder");
            map.Add(entry.Name, shard);
        }
        if (map.Count == 0) throw root.Refuse("weight_map", "empty", "at least one tensor");
        return map;
    }

    private static CheckpointException NoWeights(string folder)
    {
        var pickle = Directory.EnumerateFiles(folder).Select(Path.GetFileName)
            .FirstOrDefault(n => Path.GetExtension(n) is ".bin" or ".pth" or ".pt" or ".ckpt" or ".pkl");
        return new CheckpointException(pickle is null
            ? $"{folder}: neither {Single} nor {Index} is there."
            : $"{folder}: the weights are only there as pickle ({pickle}), which can run code when it is opened and is never read. Convert them: " +
              $"load the model with transformers and call model.save_pretrained(folder, safe_serialization=True), or download a revision that has {Single}.");
    }
}
