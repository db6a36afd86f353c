using Dpvr.Contracts.Jobs;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tokens;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;

namespace Dpvr.Cli.Serve;

/// <summary>Checkpoints in folders as the models that jobs may name. Read once: a folder whose files change needs a restart.</summary>
internal sealed class FolderModels : IModelCatalog
{
    private readonly List<Known> _models = [];

    /// <exception cref="CheckpointException">A folder is refused.</exception>
    /// <exception cref="UsageException">Two have the same name.</exception>
    public FolderModels(IEnumerable<string> folders)
    {
        foreach (var folder in folders) _models.Add(Known.Read(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
        if (_models.GroupBy(static m => m.Entry.Name, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw new UsageException($"--model: two folders are named '{twice.Key}'; allowed: different names.");
    }

    public IReadOnlyList<ModelEntry> Models => [.. _models.Select(static m => m.Entry)];

    public ModelChoice Choose(string? model, string? routing, int? visualTokens)
    {
        var known = model is null ? _models[0] : _models.Find(m => m.Entry.Name == model)
            ?? throw new RefusedException("model", model, string.Join(", ", _models.Select(static m => m.Entry.Name)), "model_not_found");
        var kind = routing is null or "auto" ? known.Entry.Routings[0] : known.Entry.Routings.Contains(routing, StringComparer.Ordinal) ? routing
            : throw new RefusedException("routing", routing, string.Join(", ", known.Entry.Routings));
        if (visualTokens is { } n && (n < 1 || n > known.TowerTokens)) throw new RefusedException("visual_tokens", $"{n}", $"a whole number from 1 to {known.TowerTokens}");
        return new ModelChoice(known.Spec, new RoutingSpec { Kind = kind, VisualTokens = visualTokens == known.TowerTokens ? null : visualTokens });
    }

    public string? Refusal(ModelSpec model, string prompt) => _models.Find(m => m.Entry.Name == model.Name)?.Template.Render(prompt, images: 1).Error is { } error
        ? $"one {ChatTemplate.ImageMarker}, or none, which puts the picture first ({error.Message.TrimEnd('.')})"
        : null;

    private sealed record Known(ModelSpec Spec, ModelEntry Entry, ChatTemplate Template, int TowerTokens)
    {
        public static Known Read(string folder)
        {
            using var checkpoint = Checkpoint.Open(folder);
            var name = Path.GetFileName(folder);
            string[] routings = checkpoint.Dpvr is null ? ["dense", "withdraw"] : ["dpvr-lf", "dense", "withdraw"];
            var entry = new ModelEntry(name, checkpoint.Revision, routings, File.GetLastWriteTimeUtc(Path.Combine(folder, LlavaConfig.FileName)));
            return new Known(new ModelSpec(name, folder, checkpoint.Revision), entry, ChatTemplate.Load(folder), checkpoint.Config.TowerTokens);
        }
    }
}
