using System.Text.Json;
using System.Text.Json.Nodes;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

/// <summary>A copy of a golden model that a test changes before it opens it.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    internal ModelFolder(string model = "tiny-a")
    {
        var source = GoldenFolder.Model(model);
        foreach (var name in (string[])["config.json", "generation_config.json"])
            File.Copy(System.IO.Path.Combine(source.ModelFolder, name), _folder.Of(name));
        foreach (var path in Directory.GetFiles(source.ModelFolder, "*.safetensors")) Read(path, Tensors);
        Read(System.IO.Path.Combine(source.SideBranchFolder, "dpvr.safetensors"), SideBranch);
        SideBranchConfig = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(source.SideBranchFolder, "dpvr_config.json")))!.AsObject();
    }

    internal string Path => _folder.Path;

    internal SortedDictionary<string, Tensor> Tensors { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, Tensor> SideBranch { get; } = new(StringComparer.Ordinal);

    internal JsonObject SideBranchConfig { get; }

    /// <summary>Changes <c>config.json</c>.</summary>
    internal ModelFolder Configure(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(_folder.Of("config.json")))!.AsObject();
        change(json);
        File.WriteAllText(_folder.Of("config.json"), json.ToJsonString());
        return this;
    }

    internal ModelFolder Rename(Func<string, string> name)
    {
        var renamed = Tensors.Select(t => (name(t.Key), t.Value)).ToArray();
        Tensors.Clear();
        foreach (var (key, value) in renamed) Tensors.Add(key, value);
        return this;
    }

    internal ModelFolder WriteSingle()
    {
        SafetensorsWriter.Write(_folder.Of("model.safetensors"), Tensors.Select(t => (t.Key, t.Value)));
        return this;
    }

    /// <summary>Two shards and their index; <paramref name="change"/> may change the weight map.</summary>
    internal ModelFolder WriteSharded(Action<Dictionary<string, string>>? change = null)
    {
        var map = new Dictionary<string, string>();
        var half = Tensors.Count / 2;
        foreach (var (number, part) in ((int, IEnumerable<KeyValuePair<string, Tensor>>)[])[(1, Tensors.Take(half)), (2, Tensors.Skip(half))])
        {
            var name = $"model-{number:00000}-of-00002.safetensors";
            SafetensorsWriter.Write(_folder.Of(name), part.Select(t => (t.Key, t.Value)));
            foreach (var tensor in part) map[tensor.Key] = name;
        }
        change?.Invoke(map);
        File.WriteAllText(_folder.Of("model.safetensors.index.json"), JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = map }));
        return this;
    }

    internal ModelFolder WriteSideBranch(string below = "dpvr")
    {
        Directory.CreateDirectory(_folder.Of(below));
        SafetensorsWriter.Write(System.IO.Path.Combine(_folder.Of(below), "dpvr.safetensors"), SideBranch.Select(t => (t.Key, t.Value)));
        File.WriteAllText(System.IO.Path.Combine(_folder.Of(below), "dpvr_config.json"), SideBranchConfig.ToJsonString());
        return this;
    }

    internal string FileAt(string name) => _folder.Of(name);

    internal Checkpoint Open(string? sha256 = null) => Checkpoint.Open(Path, sha256);

    /// <summary>Message of the refusal.</summary>
    internal string Refusal(string? sha256 = null) => Assert.Throws<CheckpointException>(() => Open(sha256).Dispose()).Message;

    private static void Read(string path, SortedDictionary<string, Tensor> into)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var name in file.Tensors.Keys) into.Add(name, file.Read(name));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
