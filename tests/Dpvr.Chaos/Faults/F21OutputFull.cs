using Dpvr.Chaos.Harness;
using Dpvr.Cli.Cluster;
using Dpvr.Contracts.Results;
using Dpvr.TestKit.Processes;

namespace Dpvr.Chaos.Faults;

internal sealed class F21OutputFull : Fault
{
    private const string Size = "size=24m";

    public override int Number => 21;

    public override string Words => "the store's disk is full: the job pauses as output_full, goes on when there is room and somebody resumes it";

    public override string? NotHere => Environment.IsPrivilegedProcess && Programs.Find("mount", "/usr/bin", "/bin") is not null ? null : "only root can mount a small disk";

    public override bool IsSlow => true;

    public override async Task RunAsync(ChaosRun run)
    {
        using var disk = new TempFolder();
        await RunAsync("mount", "-t", "tmpfs", "-o", Size, "dpvr-chaos", disk.Path);
        try
        {
            await run.OnClusterAsync(new ChaosOptions { Silos = 1, Store = disk.Of("store") }, async cluster =>
            {
                var job = await cluster.SubmitAsync(run.Input.Job());
                await job.MoreCommittedAsync(2);
                var ballast = disk.Of("ballast");
                Fill(ballast);
                await Poll.UntilAsync(async () => await job.StatusAsync() is { Paused: true, Error.Code: ErrorCodes.OutputFull }, TimeSpan.FromSeconds(60), "the job is paused as output_full");
                File.Delete(ballast);
                await using (var client = await cluster.ConnectAsync()) await ClusterClient.CallAsync(() => client.Job(job.Id).ResumeAsync(), CancellationToken.None);
                // That a lease was given back is a write, too: where there is no room for it either, the lease ends by its time, and that counts as one attempt.
                await job.VerifyAsync(new JobExpectation { FailuresAtMost = 1 });
            });
        }
        finally
        {
            await RunAsync("umount", "-l", disk.Path);
        }
    }

    // Until nothing goes in any more, not one byte.
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var block = new byte[1 << 20]; ; )
            try
            {
                file.Write(block);
            }
            catch (IOException) when (block.Length > 1)
            {
                block = new byte[block.Length / 2];
            }
            catch (IOException)
            {
                return;
            }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var child = ChildProcess.Start(program, arguments);
        var end = await child.EndAsync();
        if (end.Code != 0) throw new InvalidOperationException($"{program}: {end.Error}");
    }
}
