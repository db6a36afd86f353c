using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Jobs;

/// <summary>What is really asked about one item: the job's prompt and sampling, with the item's own put over them.</summary>
/// <param name="Prompt">The prompt; its name is the job's, its text may be the item's own.</param>
/// <param name="Sampling">How tokens are chosen.</param>
public sealed record Ask(PromptSpec Prompt, SamplingSpec Sampling)
{
    /// <summary>The question of prompt <paramref name="prompt"/> (its place in the job) about an item.</summary>
    public static Ask Of(JobSpec job, ShardItem item, int prompt)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(item);
        var asked = job.Prompts[prompt];
        if (item.Request is not { } own) return new Ask(asked, job.Sampling);
        var sampling = job.Sampling;
        return new Ask(own.Prompt is null ? asked : asked with { Text = own.Prompt }, sampling with
        {
            MaxNewTokens = own.MaxTokens ?? sampling.MaxNewTokens,
            Temperature = own.Temperature ?? sampling.Temperature,
            TopP = own.TopP ?? sampling.TopP,
            Seed = own.Seed ?? sampling.Seed,
            Stop = own.Stop ?? sampling.Stop,
        });
    }
}
