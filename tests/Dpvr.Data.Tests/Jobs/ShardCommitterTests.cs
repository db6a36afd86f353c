using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Tests.Jobs;

public sealed class ShardCommitterTests
{
    private static readonly ShardId s_first = new(0);

    [Fact]
    public async Task CommitAsync_WhenAnotherAttemptCommittedBefore_IsStaleAndLeavesNoData()
    {
        using var job = await DoneJob.CreateAsync();

        (await job.CommitAsync(s_first, attempt: 2)).Should().Be(CommitResult.Stale);

        File.Exists(job.PathOf($".dpvr/jobs/{job.Job}/{JobLayout.DataName(s_first, 2)}")).Should().BeFalse();
        (await job.Store.ReadDoneAsync(job.Job, s_first))!.Attempt.Should().Be(1);
    }

    [Fact]
    public async Task CommitAsync_WhenTheAnswerToItsOwnCreateWasLost_CountsAsCommitted()
    {
        using var job = await DoneJob.CreateAsync();

        (await job.CommitAsync(s_first, attempt: 1)).Should().Be(CommitResult.Committed);
        (await job.VerifyAsync()).Ok.Should().BeTrue();
    }

    [Fact]
    public async Task CommitAsync_WhenTenAttemptsRace_OneIsCommitted()
    {
        using var job = await DoneJob.CreateAsync();
        await job.Store.Blobs.DeleteAsync(job.Store.Layout.Done(job.Job, s_first));

        var results = await Task.WhenAll(Enumerable.Range(1, 10).Select(attempt => Task.Run(() => job.CommitAsync(s_first, attempt))));

        results.Count(static r => r == CommitResult.Committed).Should().Be(1);
        await job.AssembleAsync();
        (await job.VerifyAsync()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task CommitAsync_WhenARecordIsMissingDoubledOrForeign_Throws()
    {
        using var job = await DoneJob.CreateAsync();
        var lease = await job.LeaseAsync(s_first, 7);
        var items = await job.Store.ReadItemsAsync(lease.Plan);
        var records = items.SelectMany(i => Samples.Answer(job.Spec, i, "x"u8)).ToList();
        var committer = new ShardCommitter(job.Store);

        await Assert.ThrowsAsync<InvalidOperationException>(() => committer.CommitAsync(lease, items, job.Spec.Prompts, records.Skip(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => committer.CommitAsync(lease, items, job.Spec.Prompts, records.Append(records[0])));
        await Assert.ThrowsAsync<InvalidOperationException>(() => committer.CommitAsync(lease, items, job.Spec.Prompts, records.Append(records[0] with { CustomId = "foreign" })));
    }

    [Fact]
    public async Task ReadFailedAsync_WhenSomeRecordsFailed_ReadsThoseWithTheirLines()
    {
        using var job = await DoneJob.CreateAsync();
        await job.Store.Blobs.DeleteAsync(job.Store.Layout.Done(job.Job, s_first));
        var lease = await job.LeaseAsync(s_first, 2);
        var items = await job.Store.ReadItemsAsync(lease.Plan);
        // A text that looks like an error is none.
        var records = items.SelectMany((item, i) => Samples.Answer(job.Spec, item, i % 2 == 1 ? "bad"u8 : "\"error\":{}"u8)).ToList();
        await new ShardCommitter(job.Store).CommitAsync(lease, items, job.Spec.Prompts, records);

        var failed = await job.Store.ReadFailedAsync(job.Job, (await job.Store.ReadDoneAsync(job.Job, s_first))!);

        failed.Select(static f => f.Line).Should().Equal(records.Select(static (record, line) => (record, line)).Where(static r => r.record.Error is not null).Select(static r => r.line)).And.NotBeEmpty();
        failed.Select(static f => (f.Record.CustomId, f.Record.Error!.Code)).Should().Equal(records.Where(static r => r.Error is not null).Select(static r => (r.CustomId, "decode_error")));
    }

    [Fact]
    public async Task ReadItemsAsync_OfAPart_GivesItsItemsAlone()
    {
        using var job = await DoneJob.CreateAsync();

        (await job.Store.ReadItemsAsync((await job.LeaseAsync(new ShardId(1).Part(1, 2))).Plan)).Select(static i => i.CustomId).Should().Equal("p5.png", "p6.png");
        (await job.Store.ReadItemsAsync((await job.LeaseAsync(new ShardId(2))).Plan)).Select(static i => i.Index).Should().Equal(8, 9);
    }
}
