using System.Text.Json;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tests.Golden;

/// <summary>One golden model: its checkpoint, inputs, and cases.</summary>
internal sealed record GoldenModel(string Name, string Folder, JsonElement Json)
{
    internal string ModelFolder => Path.Combine(Folder, "model");
    internal string SideBranchFolder => Path.Combine(Folder, "dpvr");
    internal int Layers => Json.GetProperty("num_layers").GetInt32();
    internal int SaturationLayer => Json.GetProperty("saturation_layer").GetInt32();
    internal int ImageTokens => Json.GetProperty("num_image_tokens").GetInt32();
    internal int NewTokens => Json.GetProperty("new_tokens").GetInt32();

    internal IEnumerable<GoldenCase> Cases => Json.GetProperty("cases").EnumerateObject().Select(c => new GoldenCase(this, c.Name, c.Value));

    internal GoldenCase Case(string name) => new(this, name, Json.GetProperty("cases").GetProperty(name));

    internal static GoldenModel Load(string name, string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        return new GoldenModel(name, folder, document.RootElement.Clone());
    }

    /// <summary>The checkpoint with its side branch, which the goldens keep beside the model's folder.</summary>
    internal Checkpoint OpenCheckpoint() => Checkpoint.Open(ModelFolder, sideBranch: SideBranchFiles.In(SideBranchFolder));

    /// <summary>The checkpoint with the side branch that returns its input, trained for s = L−1; null when this model has none.</summary>
    internal Checkpoint? OpenIdentityCheckpoint()
    {
        var files = new SideBranchFiles(Path.Combine(SideBranchFolder, "identity_config.json"), Path.Combine(SideBranchFolder, "identity_side_branch.safetensors"));
        return File.Exists(files.Config) ? Checkpoint.Open(ModelFolder, sideBranch: files) : null;
    }

    /// <summary><c>pixel_values</c> F32 [images, 3, S, S].</summary>
    internal SafetensorsFile OpenInputs() => SafetensorsFile.Open(Path.Combine(Folder, "inputs.safetensors"));

    internal SafetensorsFile OpenVision() => SafetensorsFile.Open(Path.Combine(Folder, "vision.safetensors"));
}
