using System.CommandLine;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Options;
using Dpvr.Model.Runtime;

namespace Dpvr.Cli.Caption;

/// <summary>The options of <c>dpvr caption</c>. Each description ends with the default, each refusal says what is allowed.</summary>
internal sealed class CaptionOptions
{
    private static readonly string[] Routings = ["dense", "withdraw", "dpvr-lf"];
    private static readonly string[] Dtypes = [.. DeviceChoice.Dtypes];

    private readonly Argument<string> _folder = new("folder") { Description = "Folder with pictures (JPEG, PNG, WebP, GIF, TIFF, AVIF); or a file that names them, see --source-kind." };
    private readonly Option<string?> _sourceKind = CheckedOption.OneOf("--source-kind", CaptionSource.Kinds, "What the folder is: pictures, a JSON Lines manifest of pictures, or of requests, each with its own prompt. Default: folder; for a file that ends in .requests.jsonl requests, in .jsonl jsonl.");
    private readonly Option<string[]> _allowHost = AllowHostOption.Create();
    private readonly Option<string[]> _prompt = Text("--prompt", "-p", "What to ask about every picture, as a text or name=text; may be given several times. Default: caption=\"Describe the image.\"");
    private readonly Option<string[]> _question = Text("--question", "-q", "A question about every picture, as a text or name=text; may be given several times. Without --prompt only the questions are asked.");
    private readonly Option<string?> _output = new("--output", "-o") { HelpName = "folder", Description = "Folder for the results. Default: dpvr-out/<name of the folder>." };
    private readonly Option<string?> _model = new("--model", "-m") { HelpName = "folder", Description = "LLaVA-1.5 checkpoint in the Hugging Face layout. Default: the small model that ships with dpvr." };
    private readonly Option<string?> _routing = CheckedOption.OneOf("--routing", Routings, "How pictures go through the layers. Default: dpvr-lf where the model has a side branch, else dense.");
    private readonly Option<int?> _visualTokens = new("--visual-tokens") { HelpName = "n", Description = "Vision tokens of a picture that are kept, the most informative ones: fewer are faster and say less. Default: all." };
    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "Folders below too. Default: only the folder itself." };
    private readonly Option<string[]> _glob = Text("--glob", null, "Only files whose path matches, as in --glob \"train/**/*.jpg\"; may be given several times. Default: all pictures.", "pattern");
    private readonly Option<int> _maxNewTokens = CheckedOption.Number("--max-new-tokens", 64, 1, 2048, "Longest answer, in tokens.");
    private readonly Option<int?> _batchSize = CheckedOption.AutoOrNumber("--batch-size", "-b", 1, 4096, "Pictures that are computed together. Default: auto, what fits the memory.");
    private readonly Option<double> _temperature = CheckedOption.Fraction("--temperature", 0, 0, 10, "0 takes the likeliest token each time; more is more varied.");
    private readonly Option<int> _topK = CheckedOption.Number("--top-k", 0, 0, 1_000_000, "Sample among the k likeliest tokens; 0: all.");
    private readonly Option<double> _topP = CheckedOption.Fraction("--top-p", 1, 0, 1, "Sample among the likeliest tokens that have this share together.");
    private readonly Option<long> _seed = new("--seed") { HelpName = "n", DefaultValueFactory = _ => 0, Description = "Seed of the sampling: the same seed gives the same texts." };
    private readonly Option<string?> _device = new("--device") { HelpName = "cpu|cuda|cuda:N", Description = "Where to compute. Default: cuda where there is one, else cpu." };
    private readonly Option<string?> _dtype = CheckedOption.OneOf("--dtype", Dtypes, "Precision of the weights; int8 needs a CPU with AVX-512 VNNI. Default: float32 on a CPU, bfloat16 on CUDA.");
    private readonly Option<int> _threads = CheckedOption.Number("--threads", Environment.ProcessorCount, 1, 1024, "CPU threads for decoding pictures and for computing.");
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Begin anew: throw away results that are in the output folder. Default: go on with them." };
    private readonly Option<bool> _retryFailed = new("--retry-failed") { Description = "Try the failed pictures of a finished run again. Default: no." };
    private readonly Option<bool> _sidecars = new("--sidecars") { Description = "Also write <name>.txt for every picture, below the output folder. Default: no." };
    private readonly Option<bool> _allowFailures = new("--allow-failures") { Description = "Exit code 0 although some pictures failed. Default: 3." };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON event a line on standard output, for programs. Default: progress for people." };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Log what the parts of the system do to standard error. Default: only warnings." };

    private readonly TelemetryOptionSet _telemetry = new(null);
    private readonly ClusterOptionSet _cluster = new();
    private readonly Option<bool> _detach = new("--detach") { Description = "With --cluster: submit the job and do not wait for it. Default: show it and fetch the output." };

    public void AddTo(Command command)
    {
        command.Add(_folder);
        Option[] options =
        [
            _sourceKind, _prompt, _question, _output, _model, _routing, _visualTokens, _recursive, _glob, _maxNewTokens, _batchSize, _temperature, _topK, _topP, _seed,
            _device, _dtype, _threads, _allowHost, _sidecars, _overwrite, _retryFailed, _allowFailures, _json, _verbose,
        ];
        foreach (var option in options) command.Add(option);
        _telemetry.AddTo(command);
        _cluster.AddTo(command);
        command.Add(_detach);
    }

    /// <summary>What was asked for, checked.</summary>
    /// <exception cref="UsageException">A folder does not exist, or options contradict each other.</exception>
    public CaptionSettings Read(ParseResult result)
    {
        var folder = result.GetRequiredValue(_folder);
        var kind = CaptionSource.KindOf(folder, result.GetValue(_sourceKind));
        folder = Path.GetFullPath(folder);
        var model = result.GetValue(_model);
        if (model is not null && !Directory.Exists(model)) throw new UsageException($"--model: '{model}' does not exist; allowed: a folder with config.json and *.safetensors.");
        var name = CaptionSource.NameOf(folder);
        var output = Path.GetFullPath(result.GetValue(_output) ?? Path.Combine("dpvr-out", name.Length > 0 ? name : "root"));
        if (File.Exists(output)) throw new UsageException($"--output: '{output}' is a file; allowed: a folder, which is made where it does not exist.");
        if (output == folder) throw new UsageException($"--output: '{output}' is the folder with the pictures; allowed: any other folder.");

        return new CaptionSettings
        {
            Folder = folder,
            SourceKind = kind,
            Output = output,
            Prompts = NamedPrompt.Parse(result.GetValue(_prompt) ?? [], result.GetValue(_question) ?? []),
            Model = model is null ? null : Path.GetFullPath(model),
            Routing = result.GetValue(_routing),
            VisualTokens = result.GetValue(_visualTokens),
            Recursive = result.GetValue(_recursive),
            Globs = result.GetValue(_glob) ?? [],
            MaxNewTokens = result.GetValue(_maxNewTokens),
            BatchSize = result.GetValue(_batchSize),
            Temperature = result.GetValue(_temperature),
            TopK = result.GetValue(_topK),
            TopP = result.GetValue(_topP),
            Seed = result.GetValue(_seed),
            AllowedHosts = result.GetValue(_allowHost) ?? [],
            Device = result.GetValue(_device),
            Dtype = result.GetValue(_dtype),
            Threads = result.GetValue(_threads),
            Overwrite = result.GetValue(_overwrite),
            RetryFailed = result.GetValue(_retryFailed),
            Sidecars = result.GetValue(_sidecars),
            AllowFailures = result.GetValue(_allowFailures),
            Json = result.GetValue(_json),
            Verbose = result.GetValue(_verbose),
            Telemetry = _telemetry.Read(result),
            Cluster = ReadCluster(result),
        };
    }

    // Only --cluster itself, never the environment alone, sends a job away: the same command means the same on every machine.
    private ClusterTarget? ReadCluster(ParseResult result)
    {
        if (!_cluster.IsNamed(result)) return result.GetValue(_detach) ? throw new UsageException("--detach is for jobs of a cluster; allowed with --cluster.") : null;
        foreach (var option in (Option[])[_device, _dtype, _allowHost, _overwrite, .. _telemetry.All])
            if (result.GetResult(option) is { Implicit: false }) throw new UsageException($"{option.Name} is not for jobs of a cluster: {(option == _overwrite ? "its store is shared with other jobs" : "its workers know where they compute and whom they ask")}; leave it out with --cluster.");
        return new ClusterTarget(_cluster.Read(result), _cluster.Store(result), result.GetValue(_detach));
    }

    private static Option<string[]> Text(string name, string? alias, string description, string helpName = "text") =>
        new(name, alias is null ? [] : [alias]) { HelpName = helpName, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
}
