using Dpvr.Cli.Web;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Dashboard.Jobs;

namespace Dpvr.Dashboard.Tests.Web;

public sealed class JobSelectionTests
{
    private static readonly JobRow[] Rows =
    [
        Row("aa-1", JobStatus.InProgress, 10, "photos") with { CreatedAt = DateTimeOffset.UnixEpoch.AddHours(2), ImagesPerSecond = 5 },
        Row("bb-1", JobStatus.Completed, 30, "scenes") with { CreatedAt = DateTimeOffset.UnixEpoch.AddHours(1), ImagesPerSecond = 9 },
        Row("cc-1", JobStatus.Cancelled, 20, "photos") with { CreatedAt = DateTimeOffset.UnixEpoch.AddHours(3) },
        Row("dd-1", JobStatus.InProgress, 5, "other", paused: true),
    ];

    [Theory]
    [InlineData(JobFilter.All, "aa bb cc dd"), InlineData(JobFilter.Active, "aa dd"), InlineData(JobFilter.Paused, "dd"), InlineData(JobFilter.Completed, "bb"), InlineData(JobFilter.Trouble, "cc")]
    public void Fits_ByState_TakesThose(JobFilter filter, string expected) => Ids(Rows.Where(r => JobSelection.Fits(r, new JobsQuery { Filter = filter }))).Should().Be(expected);

    [Theory, InlineData("PHOTOS", "aa cc"), InlineData(" bb ", "bb"), InlineData("nothing", "")]
    public void Fits_ByText_LooksIntoWhatIsShown(string search, string expected) => Ids(Rows.Where(r => JobSelection.Fits(r, new JobsQuery { Search = search }))).Should().Be(expected);

    [Theory]
    [InlineData(JobOrder.Created, true, "cc aa bb dd"), InlineData(JobOrder.Id, false, "aa bb cc dd"), InlineData(JobOrder.Images, true, "bb cc aa dd"), InlineData(JobOrder.Rate, true, "bb aa cc dd")]
    public void Order_ByColumn_Sorts(JobOrder order, bool descending, string expected) => Ids(JobSelection.Order(Rows, new JobsQuery { Order = order, Descending = descending })).Should().Be(expected);

    [Fact]
    public void Fits_WhenAJobIsHaltedByAnError_IsTrouble() =>
        JobSelection.Fits(Rows[0] with { Progress = Rows[0].Progress with { Error = new ItemError(ErrorCodes.OutputFull, "full") } }, new JobsQuery { Filter = JobFilter.Trouble }).Should().BeTrue();

    private static string Ids(IEnumerable<JobRow> rows) => string.Join(' ', rows.Select(static r => r.Id.Value[..2]));

    private static JobRow Row(string id, JobStatus status, long images, string source, bool paused = false) =>
        new() { Progress = new JobProgress { Job = new JobId(id), Status = status, Images = images, Paused = paused }, Source = source };
}
