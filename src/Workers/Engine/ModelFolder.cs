using Dpvr.Contracts.Jobs;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Workers.Engine;

/// <summary>Where a job's model lies on this machine.</summary>
internal static class ModelFolder
{
    /// <summary>The path that the job names, else the folder of the model's name in one of <paramref name="folders"/>.</summary>
    /// <exception cref="CheckpointException">It is nowhere.</exception>
    public static string Find(ModelSpec model, IReadOnlyList<string> folders)
    {
        if (Directory.Exists(model.Path)) return model.Path;
        return folders.Select(f => Path.Combine(f, model.Name)).FirstOrDefault(Directory.Exists)
            ?? throw new CheckpointException($"The model {model.Name} is neither at {model.Path} nor in {(folders.Count > 0 ? string.Join(", ", folders) : "a folder of --models")}.");
    }

    /// <summary>The same name is not the same weights: results of two revisions must not mix.</summary>
    /// <exception cref="CheckpointException">They differ.</exception>
    public static void CheckRevision(ModelSpec model, LlavaBundle bundle)
    {
        if (bundle.Revision != model.Revision)
            throw new CheckpointException($"{bundle.Folder} holds revision {bundle.Revision} of {model.Name}; the job asks for {model.Revision}.");
    }
}
