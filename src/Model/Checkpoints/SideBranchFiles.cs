namespace Dpvr.Model.Checkpoints;

/// <summary>The two files of a trained side branch.</summary>
/// <param name="Config">Path of the routing plan (<c>dpvr_config.json</c>).</param>
/// <param name="Weights">Path of the weights (<c>dpvr.safetensors</c>).</param>
public sealed record SideBranchFiles(string Config, string Weights)
{
    public const string WeightsName = "dpvr.safetensors";

    /// <summary>The files under their usual names in <paramref name="folder"/>, whether they exist or not.</summary>
    public static SideBranchFiles In(string folder) => new(Path.Combine(folder, DpvrConfig.FileName), Path.Combine(folder, WeightsName));

    /// <summary>The side branch beside the model's own files, or in <c>dpvr/</c> below them; null when there is none.</summary>
    /// <exception cref="CheckpointException">One of the two files is there without the other.</exception>
    public static SideBranchFiles? Find(string modelFolder)
    {
        foreach (var files in (SideBranchFiles[])[In(modelFolder), In(Path.Combine(modelFolder, "dpvr"))])
        {
            bool config = File.Exists(files.Config), weights = File.Exists(files.Weights);
            if (config && weights) return files;
            if (config) throw new CheckpointException($"{files.Config}: its weights {WeightsName} are missing from the same folder.");
            if (weights) throw new CheckpointException($"{files.Weights}: its routing plan {DpvrConfig.FileName} is missing from the same folder.");
        }
        return null;
    }
}
