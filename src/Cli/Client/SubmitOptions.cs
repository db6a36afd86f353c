using System.CommandLine;
using Dpvr.Cli.Caption;
using Dpvr.Cli.Options;
using Dpvr.Silo.Intake;

namespace Dpvr.Cli.Client;

/// <summary>The options of <c>dpvr submit</c>: those of <c>dpvr caption</c>, as far as they are the job's and not the machine's.</summary>
internal sealed class SubmitOptions
{
    private static readonly string[] Routings = ["dense", "withdraw", "dpvr-lf"];

    private readonly Argument<string> _source = new("source") { Description = "A root of the server, or root/folder below it." };
    private readonly Option<string?> _manifest = new("--manifest") { HelpName = "path", Description = "A JSON Lines manifest below the root, instead of a folder." };
    private readonly Option<string[]> _prompt = Text("--prompt", "-p", "What to ask about every picture, as a text or name=text; may be given several times. Default: caption=\"Describe the image.\"");
    private readonly Option<string[]> _question = Text("--question", "-q", "A question about every picture, as a text or name=text; may be given several times. Without --prompt only the questions are asked.");
    private readonly Option<string?> _model = new("--model", "-m") { HelpName = "name", Description = "A model of the server. Default: its first." };
    private readonly Option<string?> _routing = CheckedOption.OneOf("--routing", Routings, "How pictures go through the layers. Default: dpvr-lf where the model has a side branch, else dense.");
    private readonly Option<int?> _visualTokens = new("--visual-tokens") { HelpName = "n", Description = "Vision tokens of a picture that are kept. Default: all." };
    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "Folders below too. Default: only the folder itself." };
    private readonly Option<string[]> _glob = Text("--glob", null, "Only files whose path matches; may be given several times. Default: all pictures.", "pattern");
    private readonly Option<int> _maxNewTokens = CheckedOption.Number("--max-new-tokens", 64, 1, 2048, "Longest answer, in tokens.");
    private readonly Option<double> _temperature = CheckedOption.Fraction("--temperature", 0, 0, 10, "0 takes the likeliest token each time; more is more varied.");
    private readonly Option<int> _topK = CheckedOption.Number("--top-k", 0, 0, 1_000_000, "Sample among the k likeliest tokens; 0: all.");
    private readonly Option<double> _topP = CheckedOption.Fraction("--top-p", 1, 0, 1, "Sample among the likeliest tokens that have this share together.");
    private readonly Option<long> _seed = new("--seed") { HelpName = "n", DefaultValueFactory = _ => 0, Description = "Seed of the sampling: the same seed gives the same texts." };
    private readonly Option<bool> _sidecars = new("--sidecars") { Description = "Also write <name>.txt for every picture, in the server's store. Default: no." };
    private readonly Option<int> _priority = CheckedOption.Number("--priority", 0, -1000, 1000, "A job of higher priority comes first, strictly.");
    private readonly Option<double> _weight = CheckedOption.Fraction("--weight", 1, 0.001, 1000, "Share of accelerator time among jobs of the same priority.");

    public void AddTo(Command command)
    {
        command.Add(_source);
        foreach (var option in (Option[])[_manifest, _prompt, _question, _model, _routing, _visualTokens, _recursive, _glob, _maxNewTokens, _temperature, _topK, _topP, _seed, _sidecars, _priority, _weight]) command.Add(option);
    }

    /// <exception cref="UsageException">Two prompts have the same name, or one has no text.</exception>
    public JobRequest Read(ParseResult result)
    {
        var source = result.GetRequiredValue(_source);
        var slash = source.IndexOf('/', StringComparison.Ordinal);
        var prompts = NamedPrompt.Parse(result.GetValue(_prompt) ?? [], result.GetValue(_question) ?? []);
        var globs = result.GetValue(_glob) ?? [];
        return new JobRequest
        {
            Source = new SourceRequest
            {
                Root = slash < 0 ? source : source[..slash],
                Path = slash < 0 || slash == source.Length - 1 ? null : source[(slash + 1)..],
                Manifest = result.GetValue(_manifest),
                Globs = globs.Length > 0 ? globs : null,
                Recursive = result.GetValue(_recursive) ? true : null,
            },
            Prompts = prompts.Count > 0 ? [.. prompts.Select(static p => new PromptRequest(p.Name, p.Text))] : null,
            Model = result.GetValue(_model),
            Routing = result.GetValue(_routing),
            VisualTokens = result.GetValue(_visualTokens),
            Sampling = new SamplingRequest
            {
                MaxNewTokens = result.GetValue(_maxNewTokens), Temperature = result.GetValue(_temperature), TopK = result.GetValue(_topK), TopP = result.GetValue(_topP), Seed = result.GetValue(_seed),
            },
            Outputs = new OutputsRequest(result.GetValue(_sidecars)),
            Priority = result.GetValue(_priority),
            Weight = result.GetValue(_weight),
        };
    }

    private static Option<string[]> Text(string name, string? alias, string description, string helpName = "text") =>
        new(name, alias is null ? [] : [alias]) { HelpName = helpName, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
}
