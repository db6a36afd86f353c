using Dpvr.Contracts.Jobs;
using Dpvr.Data.Sources;
using Dpvr.Model;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tokens;

namespace Dpvr.Cli.Caption;

/// <summary>A command line as a job. Everything that can be refused is refused here, before any work begins.</summary>
internal static class CaptionJob
{
    private static readonly NamedPrompt Describe = new("caption", "Describe the image.");

    /// <exception cref="UsageException">A prompt does not suit one picture.</exception>
    /// <exception cref="CheckpointException">The model is refused.</exception>
    /// <exception cref="DatasetException">The file of requests cannot be read.</exception>
    public static async Task<JobSpec> SpecOfAsync(CaptionSettings settings, CancellationToken cancellationToken)
    {
        var spec = SpecOf(settings);
        if (spec.Source.Kind != SourceKinds.Requests) return spec;
        if (spec.Prompts.Count > 1) throw new UsageException("requests bring their own prompts; allowed: one --prompt or --question, for those that bring none.");
        var survey = await new RequestsReader(spec.Source, SourceAccess.None).SurveyAsync(spec.Sampling, cancellationToken);
        return spec with { Prompts = [PromptSpec.OfRequests(spec.Prompts[0].Text)], Limits = survey.Limits };
    }

    /// <summary>The same without reading a file of requests.</summary>
    internal static JobSpec SpecOf(CaptionSettings settings)
    {
        var folder = settings.Model ?? ShippedModel.Find();
        using var checkpoint = Checkpoint.Open(folder);
        var routing = new RoutingSpec { Kind = LlavaBundle.Plan(checkpoint, settings.Routing ?? "auto", null).Name, VisualTokens = VisualTokensOf(settings, checkpoint) };
        var prompts = settings.Prompts.Count > 0 ? settings.Prompts : [Describe];
        CheckPrompts(prompts, folder);

        return new JobSpec
        {
            Source = new SourceSpec { Kind = settings.SourceKind, Root = settings.Folder, Globs = settings.Globs, Recursive = settings.Recursive },
            Prompts = [.. prompts.Select(p => new PromptSpec(p.Name, p.Text))],
            Model = new ModelSpec(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), folder, checkpoint.Revision),
            Routing = routing,
            Sampling = new SamplingSpec
            {
                MaxNewTokens = settings.MaxNewTokens,
                Temperature = settings.Temperature,
                TopK = settings.TopK,
                TopP = settings.TopP,
                Seed = settings.Seed,
            },
            Output = new OutputSpec { Location = settings.Output, Sidecars = settings.Sidecars },
            BatchSize = settings.BatchSize ?? 0,
        };
    }

    /// <summary>All of them is the same work as no choice.</summary>
    private static int? VisualTokensOf(CaptionSettings settings, Checkpoint checkpoint)
    {
        try
        {
            var config = checkpoint.Config.Keeping(settings.VisualTokens);
            return config.VisualTokens == config.TowerTokens ? null : config.VisualTokens;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"--visual-tokens: {e.Message.Split(" (Parameter", 2)[0]}", e);
        }
    }

    private static void CheckPrompts(IReadOnlyList<NamedPrompt> prompts, string model)
    {
        var template = ChatTemplate.Load(model);
        foreach (var prompt in prompts)
            if (template.Render(prompt.Text, images: 1).Error is { } error)
                throw new UsageException($"prompt '{prompt.Name}': {error.Message}; allowed: one {ChatTemplate.ImageMarker}, or none, which puts the picture first.");
    }
}
