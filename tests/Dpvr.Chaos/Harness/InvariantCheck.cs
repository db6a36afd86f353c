using System.Text.Json;
using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Output;
using Dpvr.Data.Verification;

namespace Dpvr.Chaos.Harness;

/// <summary>
/// The invariants of a job that has ended, recomputed from what was written: what <c>dpvr verify</c> checks, and beside it what only a test can know
/// (the input, what was to fail, what the cluster says).
/// </summary>
internal sealed class InvariantCheck
{
    private static readonly TimeSpan s_told = TimeSpan.FromSeconds(20);
    private readonly List<(string Invariant, string Message)> _broken = [];

    /// <exception cref="InvariantException">One does not hold.</exception>
    public static async Task<JobVerdict> RunAsync(ChaosJob job, JobExpectation expect, ClusterClient client)
    {
        var check = new InvariantCheck();
        var store = job.Cluster.Store;
        var report = await new OutputVerifier(store).VerifyAsync(job.Id);
        foreach (var finding in report.Findings) check._broken.Add((finding.Invariant, finding.ToString()));

        var end = await store.ReadEndAsync(job.Id);
        check.Holds(end?.Status == expect.Status, "I6", $"the job is {end?.Status}, expected {expect.Status}");
        await check.CheckRowsAsync(job, expect);

        var progress = await job.StatusAsync(client);
        var said = progress.Requests;
        check.Holds(progress.Status == expect.Status, "I2", $"the API says {progress.Status}, the files {expect.Status}");
        check.Holds((said.Total, said.Succeeded, said.Failed, said.Skipped) == (report.Counted.Total, report.Counted.Succeeded, report.Counted.Failed, report.Counted.Skipped), "I2", $"the API says {said}, the files {report.Counted}");
        if (expect.Status == JobStatus.Completed) check.Holds(progress.ImagesDone == progress.Images && progress.ShardsDone == progress.Shards, "I2", $"the API says {progress.ImagesDone} of {progress.Images} pictures, {progress.ShardsDone} of {progress.Shards} shards");

        var attempts = await job.AttemptsAsync();
        check.CheckAttempts(job.Spec, attempts, expect);
        await check.CheckStaleAsync(job, expect, client);
        check.Throw();
        return new JobVerdict(progress, attempts);
    }

    // A zombie may live on after the job's end: what it is refused meanwhile is written first and told then.
    private async Task CheckStaleAsync(ChaosJob job, JobExpectation expect, ClusterClient client)
    {
        long said = 0;
        var refused = 0;
        try
        {
            await Poll.UntilAsync(async () =>
            {
                said = (await job.StatusAsync(client)).StaleCommits;
                refused = (await job.AttemptsAsync()).Count(static a => a.Refused);
                return said == refused && said >= expect.StaleAtLeast;
            }, s_told, "stale writes");
        }
        catch (InvariantException)
        {
            _broken.Add(("I5", $"the API says {said} stale writes, the attempts {refused}; at least {expect.StaleAtLeast} were attempted"));
        }
    }

    private async Task CheckRowsAsync(ChaosJob job, JobExpectation expect)
    {
        var prefix = job.Cluster.Store.Layout.OutputOf(job.Id);
        var seen = new Dictionary<string, ItemError?>(StringComparer.Ordinal);
        foreach (var name in new[] { OutputNames.Captions, OutputNames.Errors })
        {
            if (await job.Cluster.Store.Blobs.GetAsync(prefix + name) is not { } file) continue;
            foreach (var line in System.Text.Encoding.UTF8.GetString(file.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                if (Read(line) is { } record && !seen.TryAdd(record.CustomId, record.Error))
                    _broken.Add(("I1", $"{record.CustomId} has two records"));
        }
        // The input itself, not the plan: a picture that was never planned is lost, too.
        var input = Pictures(job.Spec.Source);
        foreach (var lost in input.Except(seen.Keys, StringComparer.Ordinal)) _broken.Add(("I1", $"{lost} has no record"));
        foreach (var foreign in seen.Keys.Except(input, StringComparer.Ordinal)) _broken.Add(("I1", $"{foreign} is no picture of the input"));
        if (expect.Status != JobStatus.Completed) return;
        foreach (var (id, error) in seen.Where(s => s.Value is not null && !expect.Failing.Contains(s.Key))) _broken.Add(("I7", $"{id} failed with {error!.Code}: {error.Message}"));
        foreach (var id in expect.Failing.Where(id => seen.GetValueOrDefault(id) is null)) _broken.Add(("I7", $"{id} was to fail and did not"));
        foreach (var id in expect.Failing.Where(id => expect.FailingCode is { } code && seen.GetValueOrDefault(id) is { } error && error.Code != code)) _broken.Add(("I7", $"{id} failed with {seen[id]!.Code}, not {expect.FailingCode}"));

        ItemRecord? Read(string line)
        {
            try
            {
                return JsonSerializer.Deserialize(line, DpvrJson.Line.ItemRecord);
            }
            catch (JsonException e)
            {
                _broken.Add(("I4", $"a line is no record: {e.Message}"));
                return null;
            }
        }
    }

    private void CheckAttempts(JobSpec spec, IReadOnlyList<AttemptRecord> attempts, JobExpectation expect)
    {
        var most = expect.FailuresAtMost ?? spec.MaxAttempts;
        foreach (var shard in attempts.GroupBy(static a => a.Shard))
        {
            var failures = shard.Count(static a => a.Outcome is AttemptOutcome.Failed or AttemptOutcome.Expired);
            Holds(failures <= most, "I3", $"shard {shard.Key} failed {failures} times, at most {most} are allowed");
            Holds(shard.Select(static a => a.Attempt).Distinct().Count() == shard.Count(), "I3", $"shard {shard.Key} has an attempt twice");
        }
    }

    private static HashSet<string> Pictures(SourceSpec source) =>
        [.. Directory.EnumerateFiles(source.Root).Select(static f => Path.GetFileName(f)!).Where(f => f.EndsWith(".png", StringComparison.Ordinal) && (source.Globs.Count == 0 || source.Globs.Any(g => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(g, f))))];

    private void Holds(bool holds, string invariant, string message)
    {
        if (!holds) _broken.Add((invariant, message));
    }

    private void Throw()
    {
        if (_broken.Count == 0) return;
        throw new InvariantException([.. _broken.Select(static b => b.Invariant).Distinct().Order(StringComparer.Ordinal)], string.Join('\n', _broken.Take(20).Select(static b => $"{b.Invariant}: {b.Message}")));
    }
}
