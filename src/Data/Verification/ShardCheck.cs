using System.Security.Cryptography;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Verification;

/// <summary>The completion markers against their data files and the attempts: I3, and the part of I2 and I4 that lies below the output files.</summary>
internal sealed class ShardCheck(JobStore store, FindingList findings)
{
    public async Task<int> RunAsync(OutputManifest manifest, PlanCheck plan, CancellationToken cancellationToken)
    {
        var files = 0;
        var sum = new Counts();
        for (var range = 0; range < plan.Ranges.Count; range++)
        {
            var index = plan.Ranges[range];
            var markers = new Dictionary<ShardId, DoneMarker>();
            try
            {
                await foreach (var marker in store.ListDoneAsync(manifest.Job, range, cancellationToken)) markers.TryAdd(marker.Shard, marker);
            }
            catch (BlobStoreException e)
            {
                findings.Add("I4", store.Layout.DoneRange(manifest.Job, range), null, null, e.Message);
                continue;
            }
            await CutAsync(manifest, range, markers, cancellationToken);
            for (var i = 0; i < index.Items.Count; i++)
                foreach (var (shard, marker) in Lineage.Leaves(new ShardId(index.FirstShard + i), index.Items[i], markers))
                {
                    if (marker is null)
                    {
                        if (manifest.Status == JobStatus.Completed) findings.Add("I1", store.Layout.Done(manifest.Job, shard), null, null, "the shard has no completion marker");
                        continue;
                    }
                    files++;
                    sum += marker.Requests;
                    await CheckDataAsync(manifest.Job, marker, cancellationToken);
                    if (marker.Requests.Total != (long)Lineage.CountOf(shard, index.Items[i]) * manifest.Prompts.Count)
                        findings.Add("I2", store.Layout.Done(manifest.Job, shard), null, null, $"has {marker.Requests.Total} records for {Lineage.CountOf(shard, index.Items[i])} pictures and {manifest.Prompts.Count} prompts");
                }
            await CheckAttemptsAsync(manifest.Job, range, plan.Spec.MaxAttempts, index, markers, cancellationToken);
        }
        if (sum.Succeeded != manifest.Requests.Succeeded || sum.Failed != manifest.Requests.Failed)
            findings.Add("I2", "manifest.json", null, null, $"says {manifest.Requests.Succeeded} succeeded and {manifest.Requests.Failed} failed, the completion markers {sum.Succeeded} and {sum.Failed}");
        return files;
    }

    // What was committed after a cancelled job had ended is no part of its output.
    private async Task CutAsync(OutputManifest manifest, int range, Dictionary<ShardId, DoneMarker> markers, CancellationToken cancellationToken)
    {
        if (manifest.Status != JobStatus.Cancelled) return;
        var done = (await store.ReadCutAsync(manifest.Job, range, cancellationToken))?.Done.ToHashSet();
        if (done is null)
        {
            findings.Add("I1", store.Layout.Cut(manifest.Job, range), null, null, "is not there: nobody can say what counted when the job was cancelled");
            return;
        }
        foreach (var late in markers.Keys.Where(shard => !done.Contains(shard)).ToList()) markers.Remove(late);
        foreach (var lost in done.Where(shard => !markers.ContainsKey(shard))) findings.Add("I1", store.Layout.Done(manifest.Job, lost), null, null, "counted when the job was cancelled but is not there");
    }

    private async Task CheckDataAsync(JobId job, DoneMarker marker, CancellationToken cancellationToken)
    {
        var key = store.DataKey(job, marker);
        if (await store.Blobs.GetAsync(key, cancellationToken) is not { } data)
        {
            findings.Add("I4", key, null, null, "was committed but is not there");
            return;
        }
        if (Convert.ToHexStringLower(SHA256.HashData(data.Bytes)) != marker.Sha256 || data.Bytes.Length != marker.Bytes) findings.Add("I4", key, null, null, "does not match its completion marker");
        var lines = JsonLines.Split(data.Bytes).LongCount();
        if (lines != marker.Count || JsonLines.EndsHalfway(data.Bytes)) findings.Add("I4", key, null, null, $"has {lines} lines, its marker says {marker.Count}");
    }

    // An item was tried by its shard and by every part that held it: the sum down to each leaf is what the maximum bounds.
    private async Task CheckAttemptsAsync(JobId job, int range, int maximum, PlanIndex index, Dictionary<ShardId, DoneMarker> markers, CancellationToken cancellationToken)
    {
        var attempts = new Dictionary<ShardId, int>();
        await foreach (var attempt in store.ListAttemptsAsync(job, range, cancellationToken))
            if (attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Expired)
                attempts[attempt.Shard] = attempts.GetValueOrDefault(attempt.Shard) + 1;
        if (attempts.Count == 0) return;
        for (var i = 0; i < index.Items.Count; i++) Descend(new ShardId(index.FirstShard + i), index.Items[i], 0);

        void Descend(ShardId shard, int items, int before)
        {
            var tried = before + attempts.GetValueOrDefault(shard);
            if (tried > maximum) findings.Add("I3", store.Layout.Done(job, shard), null, null, $"was tried {tried} times, the job allows {maximum}");
            else if (markers.TryGetValue(shard, out var marker) && marker.SplitInto > 0)
                foreach (var part in Lineage.Parts(shard, items, marker.SplitInto)) Descend(part, items, tried);
        }
    }
}
