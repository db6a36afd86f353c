using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Verification;

/// <summary>I1 over the rows of all output files: each id has exactly one record a prompt, in the input's order, and none is foreign.</summary>
internal sealed class RowCheck(PlanCheck? plan, OutputManifest manifest, FindingList findings)
{
    private readonly Dictionary<string, int> _prompts = manifest.Prompts.Select(static (p, i) => (p.Name, i)).ToDictionary(static p => p.Name, static p => p.i, StringComparer.Ordinal);
    private readonly Dictionary<(string Id, int Prompt), (string File, long Line)> _seen = [];
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    public long Reused { get; private set; }

    /// <summary>Records of what a cancelled job never came to.</summary>
    public long Skipped { get; private set; }

    public long PromptTokens { get; private set; }

    public long CompletionTokens { get; private set; }

    public SortedDictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    public void Check(string file, bool ofErrors, long line, ItemRecord record)
    {
        if (record.Error is not null != ofErrors) findings.Add("I1", file, line, record.CustomId, ofErrors ? "a record without an error among the errors" : "an error among the captions");
        if (record.Error is null && record.Text is null) findings.Add("I1", file, line, record.CustomId, "neither an answer nor an error");
        if (record.Error is { Code: ErrorCodes.Cancelled }) Skipped++;
        if (record.Error is { } error) Errors[error.Code] = Errors.GetValueOrDefault(error.Code) + 1;
        else if (record.Reused == true) Reused++;
        PromptTokens += record.Tokens?.Prompt ?? 0;
        CompletionTokens += record.Tokens?.Completion ?? 0;
        if (!_prompts.TryGetValue(record.Prompt, out var prompt))
        {
            findings.Add("I1", file, line, record.CustomId, $"the job has no prompt '{record.Prompt}'");
            return;
        }
        if (!_seen.TryAdd((record.CustomId, prompt), (file, line)))
        {
            var first = _seen[(record.CustomId, prompt)];
            findings.Add("I1", file, line, record.CustomId, $"a second record for prompt '{record.Prompt}'; the first is {first.File}:{first.Line}");
            return;
        }
        if (plan is null) return;
        if (!plan.Ids.TryGetValue(record.CustomId, out var index))
        {
            findings.Add("I1", file, line, record.CustomId, "no such id was planned");
            return;
        }
        var place = index * _prompts.Count + prompt;
        if (place < _last.GetValueOrDefault(file, -1)) findings.Add("I1", file, line, record.CustomId, "stands out of the input's order");
        _last[file] = place;
    }

    public void Finish()
    {
        // A cancelled job too: what it did not come to has a record that says so.
        if (plan is null || manifest.Status is not (JobStatus.Completed or JobStatus.Cancelled)) return;
        foreach (var (id, _) in plan.Ids)
            foreach (var prompt in manifest.Prompts)
                if (!_seen.ContainsKey((id, _prompts[prompt.Name])))
                    findings.Add("I1", "captions.jsonl", null, id, $"no record for prompt '{prompt.Name}'");
    }
}
