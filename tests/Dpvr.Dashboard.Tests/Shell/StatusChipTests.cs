using Bunit;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Dashboard.Shell;

namespace Dpvr.Dashboard.Tests.Shell;

public sealed class StatusChipTests : BunitContext
{
    [Theory]
    [InlineData(JobStatus.Validating, false, false, "validating", "run"), InlineData(JobStatus.InProgress, false, false, "running", "run"), InlineData(JobStatus.InProgress, true, false, "paused", "warn")]
    [InlineData(JobStatus.InProgress, true, true, "halted", "bad"), InlineData(JobStatus.Completed, false, false, "completed", "ok"), InlineData(JobStatus.Completed, true, false, "completed", "ok")]
    [InlineData(JobStatus.Failed, false, true, "failed", "bad"), InlineData(JobStatus.Cancelled, false, false, "cancelled", "idle"), InlineData(JobStatus.Expired, false, false, "expired", "bad")]
    public void Render_ByState_SaysItInItsTone(JobStatus status, bool paused, bool error, string text, string tone)
    {
        var chip = Render<StatusChip>(p => p.Add(c => c.Progress, new JobProgress { Job = new JobId("a-1"), Status = status, Paused = paused, Error = error ? new ItemError(ErrorCodes.OutputFull, "full") : null })).Find(".chip");

        chip.TextContent.Should().Be(text);
        chip.ClassList.Should().BeEquivalentTo("chip", tone);
    }

    [Fact]
    public void Render_WhenItCompletedWithFailures_Warns() =>
        Render<StatusChip>(p => p.Add(c => c.Progress, new JobProgress { Job = new JobId("a-1"), Status = JobStatus.Completed, Requests = new Counts { Total = 2, Succeeded = 1, Failed = 1 } })).Find(".chip").ClassList.Should().Contain("warn");
}
