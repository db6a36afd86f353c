using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Jobs;

/// <summary>What a row of a source of requests may ask of its job.</summary>
internal static class RequestRules
{
    /// <exception cref="DatasetException">A job of requests with other prompts than its one.</exception>
    public static void Check(JobSpec spec)
    {
        if (spec.Source.Kind == SourceKinds.Requests && spec.Prompts.Count != 1)
            throw new DatasetException(ErrorCodes.BadManifest, $"A job of requests has one prompt, for rows that bring none; this one has {spec.Prompts.Count}.");
    }

    /// <summary>The item, or the same with an error: a row that nobody can answer as it asks.</summary>
    public static ShardItem Apply(JobSpec spec, ShardItem item)
    {
        if (item.Error is not null || EngineKeys.LimitsOf(spec) is not { } limits) return item;
        if (item.Request?.Prompt is null && spec.Prompts[0].Text.Length == 0) return Bad("brings no prompt, and its job has none for it");
        return item.Request?.MaxTokens > limits.NewTokens ? Bad($"asks for {item.Request.MaxTokens} tokens; its job has room for {limits.NewTokens}") : item;

        ShardItem Bad(string why) => item with { Error = new ItemError(ErrorCodes.BadRow, $"Request '{item.CustomId}' {why}.") };
    }
}
