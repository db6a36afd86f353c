using Dpvr.Model.Checkpoints;
using static TorchSharp.torch;

namespace Dpvr.Model.Training;

/// <summary>
/// Saved state of a training run: <c>step-N/</c> with the float32 weights and the optimiser's moments. A folder gets its name
/// only when it is whole, so a run killed at any moment resumes from the newest one.
/// </summary>
public sealed class TrainingState(string folder)
{
    private const string WeightsFile = "weights.safetensors", OptimizerFile = "optimizer.bin", Prefix = "step-";
    private const int Kept = 2;

    /// <summary>Saves the trainable weights, the patch heads and the optimiser.</summary>
    public void Save(Trainer trainer)
    {
        using var scope = NewDisposeScope();
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        Directory.CreateDirectory(temporary);
        SafetensorsWriter.Write(Path.Combine(temporary, WeightsFile), trainer.State.Select(w => (w.Name, w.PartOf(w.Storage))));
        trainer.Optimizer.save_state_dict(Path.Combine(temporary, OptimizerFile));
        var final = PathOf(trainer.Step);
        if (Directory.Exists(final)) Directory.Delete(final, recursive: true);
        Directory.Move(temporary, final);
        foreach (var (_, old) in Saved().SkipLast(Kept)) Directory.Delete(old, recursive: true);
    }

    /// <summary>Brings the newest saved state back; false when there is none.</summary>
    public bool Restore(Trainer trainer)
    {
        if (Saved().LastOrDefault() is not { Path: { } newest, Step: var step }) return false;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var file = SafetensorsFile.Open(Path.Combine(newest, WeightsFile));
        foreach (var weight in trainer.State) file.CopyInto(weight.Name, weight.PartOf(weight.Storage));
        trainer.Optimizer.load_state_dict(Path.Combine(newest, OptimizerFile));
        trainer.Step = step;
        return true;
    }

    private IEnumerable<(int Step, string Path)> Saved() =>
        !Directory.Exists(folder) ? [] : Directory.GetDirectories(folder, Prefix + "*")
            .Select(path => (int.TryParse(Path.GetFileName(path)[Prefix.Length..], out var step) ? step : -1, path))
            .Where(s => s.Item1 >= 0).OrderBy(s => s.Item1);

    private string PathOf(int step) => Path.Combine(folder, Prefix + step);
}
