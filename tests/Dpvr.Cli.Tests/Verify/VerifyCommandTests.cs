using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Tests;
using Dpvr.TestKit.Processes;
using Dpvr.TestKit.Servers;

namespace Dpvr.Cli.Tests.Verify;

/// <summary>What is verified where.</summary>
public sealed class VerifyCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public VerifyCommandTests()
    {
        for (var i = 0; i < 5; i++) _folder.File($"in/p{i}.png", $"picture {i}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_OfAJobInASharedFolder_FindsWhatIsDamaged()
    {
        using var job = await DoneJob.CreateAsync(new JobStore(new FileBlobStore(_folder.Of("store")), JobLayout.Shared), Samples.Spec(_folder.Of("in")));
        var good = await CommandLine.RunAsync("verify", _folder.Of("store"), "--job", job.Job.Value);
        File.AppendAllText(_folder.Of("store", "jobs", job.Job.Value, "output", "captions.jsonl"), "{}\n");
        var bad = await CommandLine.RunAsync("verify", _folder.Of("store"), "--job", job.Job.Value);

        good.Code.Should().Be(ExitCode.Ok, good.Out + good.Error);
        good.Out.Should().Contain("5 answers");
        bad.Code.Should().Be(ExitCode.JobFailed);
        bad.Out.Should().Contain("captions.jsonl");
    }

    [Fact]
    public async Task Verify_OfAJobInAContainer_ReadsItThere()
    {
        Assert.SkipUnless(AzuriteServer.Missing is null && DpvrProcess.Missing is null, AzuriteServer.Missing ?? DpvrProcess.Missing ?? "");
        await using var azurite = await AzuriteServer.StartAsync();
        var environment = new Dictionary<string, string?> { ["AZURE_STORAGE_CONNECTION_STRING"] = azurite.ConnectionString };
        using var job = await DoneJob.CreateAsync(new JobStore(BlobStores.Open("azblob://jobs/team", environment: environment.GetValueOrDefault), JobLayout.Shared), Samples.Spec(_folder.Of("in")));

        using var run = DpvrProcess.Start(environment, "verify", "azblob://jobs/team", "--job", job.Job.Value);
        var end = await run.EndAsync();

        end.Code.Should().Be((int)ExitCode.Ok, end.Out + end.Error);
        end.Out.Should().Contain("azblob://jobs/team/: 5 answers");
    }

    [Theory]
    [InlineData("azblob://jobs/team", null, "--job")]
    [InlineData("s3://jobs/team", "a-1", "azblob://container/prefix")]
    [InlineData("https://acc.blob.core.windows.net/jobs?sig=SECRET", null, "--job")]
    public async Task Verify_OfAPlaceThatIsNone_SaysWhatIsAllowed(string place, string? job, string says)
    {
        // Whatever the environment holds: the account is named, so that the refusal is about the place.
        var run = await CommandLine.RunAsync(job is null ? ["verify", place.Replace("azblob://", "https://acc.blob.core.windows.net/", StringComparison.Ordinal)] : ["verify", place, "--job", job]);

        run.Code.Should().Be(ExitCode.Usage);
        run.Error.Should().Contain(says).And.NotContain("SECRET");
    }
}
