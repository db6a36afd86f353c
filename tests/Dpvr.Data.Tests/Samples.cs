using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Identity;

namespace Dpvr.Data.Tests;

/// <summary>Jobs and records that a test need not spell out.</summary>
internal static class Samples
{
    public static JobSpec Spec(string root, int shardSize = 4, bool sidecars = false, params string[] prompts) => new()
    {
        Source = new SourceSpec { Root = root },
        Prompts = prompts.Length == 0 ? [new PromptSpec("caption", "Describe.")] : [.. prompts.Select(static p => new PromptSpec(p, $"About {p}?"))],
        Model = new ModelSpec("tiny", "models/tiny", "rev-1"),
        Output = new OutputSpec { Location = "out", Sidecars = sidecars },
        ShardSize = shardSize,
    };

    /// <summary>What a worker would write for an item: pictures that hold "bad" fail.</summary>
    public static IEnumerable<ItemRecord> Answer(JobSpec spec, ShardItem item, ReadOnlySpan<byte> bytes)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var text = Encoding.UTF8.GetString(bytes);
        return [.. spec.Prompts.Select(prompt => new ItemRecord
        {
            CustomId = item.CustomId,
            Prompt = prompt.Name,
            Model = spec.Model.Name,
            Routing = spec.Routing.ToString(),
            Sha256 = sha,
            Work = new WorkIdentity(spec, prompt).Of(sha),
            Text = text.Contains("bad", StringComparison.Ordinal) ? null : $"{prompt.Name} of \"{text}\" 猫 <b>",
            Tokens = text.Contains("bad", StringComparison.Ordinal) ? null : new TokenCounts(10, 3),
            FinishReason = text.Contains("bad", StringComparison.Ordinal) ? null : "stop",
            Error = text.Contains("bad", StringComparison.Ordinal) ? new ItemError(ErrorCodes.DecodeError, "truncated") : null,
        })];
    }
}
