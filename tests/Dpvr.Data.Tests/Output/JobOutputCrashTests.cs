using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Tests.Blobs;
using Dpvr.Data.Verification;

namespace Dpvr.Data.Tests.Output;

public sealed class JobOutputCrashTests
{
    [Fact]
    public async Task AssembleAsync_WhenKilledBeforeAnyOfItsChanges_ShowsOldOrNewOrNoManifest()
    {
        using var job = await DoneJob.CreateAsync(6, true);
        var old = job.Job;
        var changes = 0;
        var seen = new HashSet<string>();
        for (var crashed = true; crashed; changes++)
        {
            // Each round replaces the output of the first job by one of a source that lost a picture and changed another.
            job.Job = old;
            await job.AssembleAsync();
            job.Source.File("p1.png", "replaced");
            File.Delete(Path.Combine(job.Source.Path, "p5.png"));
            job.Job = JobIds.Next(old);
            await job.PlanAsync();
            for (var shard = 0; shard < job.Plan.Shards; shard++) await job.CommitAsync(new ShardId(shard));
            var store = new CrashingStore(new FileBlobStore(job.Output.Path), changes);
            try
            {
                await new JobOutput(new JobStore(store, JobLayout.Embedded), TimeProvider.System).AssembleAsync(job.Job, JobStatus.Completed);
            }
            catch (BlobStoreException) when (store.Crashed)
            {
                // What a reader finds now is what this test is about.
            }
            crashed = store.Crashed;

            var report = await job.VerifyAsync();
            if (report.Job is null) report.Findings.Should().ContainSingle().Which.Message.Should().Contain("no manifest");
            else report.Findings.Should().BeEmpty($"after {changes} changes");
            seen.Add(report.Job?.Value ?? "none");
            await job.AssembleAsync();
            (await job.VerifyAsync()).Should().BeEquivalentTo(new { Ok = true, Job = (JobId?)job.Job }, "run again it finishes");
            Directory.GetFiles(job.Output.Path, "*.txt").Select(Path.GetFileName).Should().BeEquivalentTo("p0.txt", "p1.txt", "p2.txt", "p4.txt");
        }

        changes.Should().BeGreaterThan(8);
        seen.Should().BeEquivalentTo(old.Value, "none", job.Job.Value);
    }
}
