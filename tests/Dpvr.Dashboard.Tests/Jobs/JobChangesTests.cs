using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Dashboard.Jobs;

namespace Dpvr.Dashboard.Tests.Jobs;

public sealed class JobChangesTests
{
    private static readonly JobProgress Running = new() { Job = new JobId("a-1"), Status = JobStatus.InProgress };

    [Fact]
    public void Between_EqualLooks_IsNothing() => JobChanges.Between(Running, Running with { ImagesDone = 5 }).Should().BeEmpty();

    [Fact]
    public void Between_Statuses_SaysThemAsThePageDoes()
    {
        JobChanges.Between(Running with { Status = JobStatus.Validating }, Running).Should().Equal("validating → running");
        JobChanges.Between(Running, Running with { Status = JobStatus.Completed }).Should().Equal("running → completed");
    }

    [Fact]
    public void Between_PausesAndResumes_TellsWhy()
    {
        JobChanges.Between(Running, Running with { Paused = true }).Should().Equal("paused");
        JobChanges.Between(Running, Running with { Paused = true, Error = new ItemError(ErrorCodes.OutputFull, "full") }).Should().Equal("halted: output_full");
        JobChanges.Between(Running with { Paused = true }, Running).Should().Equal("resumed");
    }

    [Fact]
    public void Between_SharesAndStaleWrites_CountsThem() =>
        JobChanges.Between(Running, Running with { Weight = 2.5, Priority = 1, StaleCommits = 3 }).Should().Equal("weight 2.5, priority 1", "3 stale writes refused");
}
