using System.CommandLine;
using System.Text.Json;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Blobs.Azure;
using Dpvr.Data.Jobs;
using Dpvr.Data.Verification;

namespace Dpvr.Cli.Verify;

/// <summary><c>dpvr verify &lt;output&gt;</c>: recomputes the invariants from what was written, never from counters.</summary>
internal static class VerifyCommand
{
    private const int MostShown = 20;

    public static Command Create(SystemConsole console)
    {
        var output = new Argument<string>("output") { Description = $"Output folder of dpvr caption; with --job, a cluster's store: {BlobLocation.Allowed}." };
        var job = new Option<string?>("--job") { HelpName = "id", Description = "The job in a cluster's store. Default: the one whose output the folder is." };
        var json = new Option<bool>("--json") { Description = "The report as JSON on standard output. Default: text." };
        var command = new ExampleCommand("verify", "Check the results of a job: every picture exactly once, every file undamaged.")
        {
            Examples = [new("dpvr verify dpvr-out/photos", "exit code 0 when all holds; else 4, and what is wrong"), new("dpvr verify azblob://jobs/team --job 5f0c…-1", "a job in a cluster's store")],
        };
        command.Add(output);
        command.Add(job);
        command.Add(json);
        command.SetAction(async (result, cancellationToken) =>
            (int)await RunAsync(result.GetRequiredValue(output), result.GetValue(job), result.GetValue(json), console, cancellationToken));
        return command;
    }

    private static async Task<ExitCode> RunAsync(string location, string? job, bool json, SystemConsole console, CancellationToken cancellationToken)
    {
        var (place, store) = Open(location);
        if (place.Folder is null && job is null) throw new UsageException($"--job: not given; '{place}' holds many jobs; allowed: the id of one of them.");
        if (job is not null && !JobId.IsValid(job)) throw new UsageException($"--job: '{job}' is no id of a job; allowed: what dpvr jobs shows.");
        var jobs = new JobStore(store, job is null ? JobLayout.Embedded : JobLayout.Shared);
        var report = await new OutputVerifier(jobs).VerifyAsync(job is null ? null : new JobId(job), cancellationToken);
        if (json) console.Out.WriteLine(JsonSerializer.Serialize(VerifyEvent.Of(report), VerifyEventJson.Default.VerifyEvent));
        else Write(report, place.ToString(), console.Out);
        return report.Ok ? ExitCode.Ok : ExitCode.JobFailed;
    }

    private static (BlobLocation Place, IBlobStore Store) Open(string location)
    {
        try
        {
            var place = BlobLocation.Parse(location);
            if (place.Folder is { } folder && !Directory.Exists(folder)) throw new UsageException($"<output>: '{folder}' does not exist; allowed: the output folder of dpvr caption.");
            return (place, BlobStores.Open(location, new AzureBlobOptions { CreateContainer = false }));
        }
        catch (BlobLocationException e)
        {
            throw new UsageException($"<output>: {e.Message}", e);
        }
    }

    private static void Write(VerifyReport report, string folder, TextWriter output)
    {
        var counted = report.Counted;
        output.WriteLine($"{folder}: {counted.Succeeded} answers + {counted.Failed} errors + {counted.Skipped} skipped of {counted.Total}; {report.Files} files checked");
        foreach (var finding in report.Findings.Take(MostShown)) output.WriteLine($"  {finding}");
        if (report.Findings.Count > MostShown) output.WriteLine($"  and {report.Findings.Count - MostShown} more (--json lists them)");
        output.WriteLine(report.Ok ? "all holds (I1 to I4)" : $"{report.Findings.Count} things do not hold");
    }
}
