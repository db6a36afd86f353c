using System.Text.RegularExpressions;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Models;

namespace Dpvr.Silo.Intake;

/// <summary>Turns a submitter's words into a job, or says which word is wrong. Knows no transport.</summary>
public sealed partial class JobRequestReader(SourceRoots roots, IModelCatalog models)
{
    private static readonly PromptSpec Describe = new("caption", "Describe the image.");

    /// <summary>The job that a request means, for a source below a root.</summary>
    /// <exception cref="RefusedException">A member is wrong.</exception>
    public JobSpec Read(JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Source is null) throw new RefusedException("source", null, "an object with root, as in {\"root\":\"photos\"}");
        return Read(request, roots.Resolve(request.Source));
    }

    /// <summary>The same with a source that was found another way.</summary>
    /// <exception cref="RefusedException">A member is wrong.</exception>
    public JobSpec Read(JobRequest request, SourceSpec source)
    {
        ArgumentNullException.ThrowIfNull(request);
        var choice = models.Choose(request.Model, request.Routing, request.VisualTokens);
        return new JobSpec
        {
            Source = source,
            Prompts = PromptsOf(request, choice.Model),
            Model = choice.Model,
            Routing = choice.Routing,
            Sampling = Checks.Sampling(request.Sampling),
            Output = new OutputSpec { Location = "", Sidecars = request.Outputs?.Sidecars ?? false },
            BatchSize = Checks.Within(request.BatchSize, 0, 1, 4096, "batch_size"),
            MaxAttempts = Checks.Within(request.MaxAttempts, 3, 1, 100, "max_attempts"),
            Weight = Checks.Within(request.Weight, 1, 0.001, 1000, "weight"),
            Priority = Checks.Within(request.Priority, 0, -1000, 1000, "priority"),
        };
    }

    private PromptSpec[] PromptsOf(JobRequest request, ModelSpec model)
    {
        if (request.Prompts is not { } prompts) return [Describe];
        if (prompts.Count is 0 or > 64) throw new RefusedException("prompts", $"{prompts.Count} prompts", "1 to 64 prompts");
        var read = new PromptSpec[prompts.Count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < prompts.Count; i++)
        {
            var name = prompts[i]?.Name ?? (i == 0 ? "caption" : $"q{i + 1}");
            if (!Name().IsMatch(name)) throw new RefusedException($"prompts[{i}].name", name, "a letter, then up to 31 of a-z, A-Z, 0-9, '-', '_'");
            if (!names.Add(name)) throw new RefusedException($"prompts[{i}].name", name, "a name that no other prompt has");
            var text = prompts[i]?.Text?.Trim();
            if (string.IsNullOrEmpty(text)) throw new RefusedException($"prompts[{i}].text", text, "a text");
            if (models.Refusal(model, text) is { } refusal) throw new RefusedException($"prompts[{i}].text", text, refusal);
            read[i] = new PromptSpec(name, text);
        }
        return read;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
    private static partial Regex Name();
}
