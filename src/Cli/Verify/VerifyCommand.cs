using System.CommandLine;
using System.Text.Json;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Verification;

namespace Dpvr.Cli.Verify;

/// <summary><c>dpvr verify &lt;output&gt;</c>: recomputes the invariants from what was written, never from counters.</summary>
internal static class VerifyCommand
{
    private const int MostShown = 20;

    public static Command Create(SystemConsole console)
    {
        var output = new Argument<string>("output") { Description = "Output folder of dpvr caption." };
        var json = new Option<bool>("--json") { Description = "The report as JSON on standard output. Default: text." };
        var command = new ExampleCommand("verify", "Check the results of a job: every picture exactly once, every file undamaged.")
        {
            Examples = [new("dpvr verify dpvr-out/photos", "exit code 0 when all holds; else 4, and what is wrong")],
        };
        command.Add(output);
        command.Add(json);
        command.SetAction(async (result, cancellationToken) =>
            (int)await RunAsync(Path.GetFullPath(result.GetRequiredValue(output)), result.GetValue(json), console, cancellationToken));
        return command;
    }

    private static async Task<ExitCode> RunAsync(string folder, bool json, SystemConsole console, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) throw new UsageException($"<output>: '{folder}' does not exist; allowed: the output folder of dpvr caption.");
        var report = await new OutputVerifier(new JobStore(new FileBlobStore(folder), JobLayout.Embedded)).VerifyAsync(cancellationToken: cancellationToken);
        if (json) console.Out.WriteLine(JsonSerializer.Serialize(VerifyEvent.Of(report), VerifyEventJson.Default.VerifyEvent));
        else Write(report, folder, console.Out);
        return report.Ok ? ExitCode.Ok : ExitCode.JobFailed;
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
