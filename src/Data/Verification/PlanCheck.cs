using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Verification;

/// <summary>A job as it was planned: every id that must have a record, and where it stands in the order.</summary>
internal sealed class PlanCheck
{
    public required JobSpec Spec { get; init; }

    public required JobPlan Plan { get; init; }

    public required List<PlanIndex> Ranges { get; init; }

    /// <summary>Ids, with their place in the input.</summary>
    public required Dictionary<string, long> Ids { get; init; }

    public static async Task<PlanCheck?> ReadAsync(JobStore store, OutputManifest manifest, FindingList findings, CancellationToken cancellationToken)
    {
        try
        {
            var spec = await store.ReadSpecAsync(manifest.Job, cancellationToken);
            var plan = await store.ReadPlanAsync(manifest.Job, cancellationToken);
            if (spec is null || plan is null)
            {
                findings.Add("I1", store.Layout.Plan(manifest.Job), null, null, "the job's plan is not there, so nobody can say which records are missing");
                return null;
            }
            var check = new PlanCheck { Spec = spec, Plan = plan, Ranges = [], Ids = new Dictionary<string, long>(StringComparer.Ordinal) };
            for (var range = 0; range * ShardId.ShardsPerRange < plan.Shards; range++) await check.ReadRangeAsync(store, range, findings, cancellationToken);
            if (check.Ids.Count != plan.Images) findings.Add("I1", store.Layout.Plan(plan.Job), null, null, $"says {plan.Images} pictures, its lines have {check.Ids.Count}");
            if (plan.Images != manifest.Images) findings.Add("I2", "manifest.json", null, null, $"says {manifest.Images} pictures, the plan has {plan.Images}");
            return check;
        }
        catch (Exception e) when (e is JsonException or BlobStoreException)
        {
            findings.Add("I1", store.Layout.Plan(manifest.Job), null, null, $"the job's plan cannot be read: {e.Message}");
            return null;
        }
    }

    private async Task ReadRangeAsync(JobStore store, int range, FindingList findings, CancellationToken cancellationToken)
    {
        var key = store.Layout.PlanLines(Plan.Job, range);
        var index = await store.ReadIndexAsync(Plan.Job, range, cancellationToken);
        await using var lines = await store.Blobs.OpenReadAsync(key, cancellationToken); // not as a whole: prompts of requests may make it large
        if (index is null || lines is null)
        {
            findings.Add("I1", key, null, null, "a part of the plan is not there");
            return;
        }
        Ranges.Add(index);
        long number = 0;
        await foreach (var (line, _) in LineReader.ReadAsync(lines, cancellationToken))
        {
            number++;
            var item = JsonSerializer.Deserialize(line.Span, DpvrJson.Line.ShardItem)!;
            if (!Ids.TryAdd(item.CustomId, item.Index)) findings.Add("I1", key, number, item.CustomId, "the plan has this id twice");
        }
    }
}
