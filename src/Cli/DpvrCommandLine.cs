using System.CommandLine;
using System.CommandLine.Invocation;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli;

/// <summary>The <c>dpvr</c> command: parses, runs, and turns whatever happens into one clear line and an exit code.</summary>
public static class DpvrCommandLine
{
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args, SystemConsole console, CancellationToken cancellationToken = default)
    {
        var root = CreateRoot(console);
        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // a prompt may begin with @
        if (args.Count == 0)
        {
            root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = console.Error });
            return ExitCode.Usage;
        }
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal)) console.Error.WriteLine($"dpvr: {error}");
            console.Error.WriteLine($"dpvr: see: {PathOf(result.CommandResult.Command)} --help");
            return ExitCode.Usage;
        }

        // Signals are ours (Terminal/Interrupts): the library's handler would end the process two seconds after Ctrl-C.
        var invocation = new InvocationConfiguration
        {
            Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        };
        try
        {
            return (ExitCode)await result.InvokeAsync(invocation, cancellationToken);
        }
        catch (Exception e) when (Explain(e, result.CommandResult.Command) is { } explained)
        {
            console.Error.WriteLine($"dpvr: {explained.Message}");
            return explained.Code;
        }
    }

    /// <summary>All commands. One line a command: options and actions stand in the command's own folder.</summary>
    internal static ExampleRootCommand CreateRoot(SystemConsole console)
    {
        var root = new ExampleRootCommand("Captions folders of pictures with LLaVA-1.5 models, on one machine, with nothing to install.")
        {
            Examples =
            [
                new("dpvr caption photos", "a caption for every picture in a folder"),
                new("dpvr caption photos --question \"What colour is it?\" --output answers", "ask the same question about every picture"),
                new("dpvr verify dpvr-out/photos", "check that every picture has exactly one result and that no file is damaged"),
            ],
        };
        root.Add(Caption.CaptionCommand.Create(console));
        root.Add(Serve.ServeCommand.Create(console));
        root.Add(Web.DashboardCommand.Create(console));
        root.Add(Client.SubmitCommand.Create(console));
        root.Add(Client.RemoteWatchCommand.Create(console));
        root.Add(Client.ResultsCommand.Create(console));
        root.Add(Client.DeleteCommand.Create(console));
        foreach (var command in Client.RemoteActionCommand.All(console)) root.Add(command);
        root.Add(Keys.KeysCommand.Create(console));
        root.Add(Hosts.SiloCommand.Create(console));
        root.Add(Hosts.WorkerCommand.Create(console));
        root.Add(Jobs.JobsCommand.Create(console));
        root.Add(Hosts.DevicesCommand.Create(console));
        root.Add(Hosts.HealthCommand.Create(console));
        root.Add(Verify.VerifyCommand.Create(console));
        root.Add(Scenes.ScenesCommand.Create(console));
        root.Add(Train.TrainCommand.Create(console));
        root.Add(Bench.BenchCommand.Create(console));
        root.Add(Analyze.AnalyzeCommand.Create(console));
        root.Add(Eval.EvalCommand.Create(console));
        return root;
    }

    private static (ExitCode Code, string Message)? Explain(Exception e, Command command) => e switch
    {
        UsageException => (ExitCode.Usage, e.Message),
        Model.Checkpoints.CheckpointException => (ExitCode.Usage, $"the model is refused: {e.Message}"),
        Hosting.Auth.ExposedException => (ExitCode.Usage, e.Message),
        Microsoft.Extensions.Options.OptionsValidationException => (ExitCode.Usage, e.Message),
        InvalidDataException => (ExitCode.Usage, e.Message),
        Client.ServerException => (ExitCode.JobFailed, e.Message),
        Hosting.Cluster.ClusterUnavailableException => (ExitCode.JobFailed, e.Message),
        Data.Blobs.BlobStoreException blob => (ExitCode.JobFailed, $"{blob.Code}: {e.Message}"),
        Data.Sources.DatasetException dataset => (ExitCode.JobFailed, $"{dataset.Code}: {e.Message}"),
        OperationCanceledException => (ExitCode.Interrupted, $"interrupted; the same command again {(command is ExampleCommand { GoesOn: true } ? "goes on from here" : "begins anew")}."),
        _ when Environment.GetEnvironmentVariable("DPVR_DEBUG") is { Length: > 0 } => null,
        _ => (ExitCode.JobFailed, $"{e.GetType().Name}: {e.Message} (set DPVR_DEBUG=1 for the stack trace)"),
    };

    private static string PathOf(Symbol command) =>
        string.Join(' ', Above(command).Select(s => s is RootCommand ? "dpvr" : s.Name).Reverse());

    private static IEnumerable<Symbol> Above(Symbol symbol)
    {
        for (var s = symbol; s is not null; s = s.Parents.FirstOrDefault()) yield return s;
    }
}
