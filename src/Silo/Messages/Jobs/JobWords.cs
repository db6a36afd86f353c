using Dpvr.Contracts.Messages;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Messages.Jobs;

/// <summary>A message's words as those that every way of submitting a job has in common.</summary>
internal static class JobWords
{
    public const int LongestId = 512;

    public static JobRequest Of(SubmitJob message) => new()
    {
        Source = message.Source is { } s ? new SourceRequest { Root = s.Root, Path = s.Path, Manifest = s.Manifest, Globs = s.Globs, Recursive = s.Recursive, File = s.File } : null,
        Prompts = message.Prompts is { } p ? [.. p.Select(static x => new PromptRequest(x?.Name, x?.Text))] : null,
        Model = message.Model,
        Routing = message.Routing,
        VisualTokens = message.VisualTokens,
        Sampling = message.Sampling is { } t ? new SamplingRequest { MaxNewTokens = t.MaxNewTokens, Temperature = t.Temperature, TopK = t.TopK, TopP = t.TopP, Seed = t.Seed, Stop = t.Stop } : null,
        Outputs = message.Outputs is { } o ? new OutputsRequest(o.Sidecars) : null,
        Priority = message.Priority,
        Weight = message.Weight,
        BatchSize = message.BatchSize,
        MaxAttempts = message.MaxAttempts,
        Metadata = message.Metadata,
    };

    /// <exception cref="RefusedException">It is too long.</exception>
    public static void CheckId(string? customId)
    {
        if (customId?.Length > LongestId) throw new RefusedException("custom_id", customId, $"at most {LongestId} characters");
    }
}
