using System.CommandLine;
using System.Net;
using Dpvr.Cli.Caption;
using Dpvr.Cli.Cluster;
using Dpvr.Cli.Options;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api;
using Dpvr.Silo.Api.Auth;

namespace Dpvr.Cli.Serve;

/// <summary>The options of whatever serves the HTTP API.</summary>
internal sealed class ApiOptionSet(string? otherwise)
{
    private readonly Option<string?> _http = new("--http")
    {
        HelpName = "address:port", DefaultValueFactory = _ => otherwise,
        Description = $"Where the HTTP API is served; port 0 takes a free one. Addresses that others reach need keys (dpvr keys create) or tokens. Default: {otherwise ?? "nowhere"}.",
    };

    private readonly Option<string[]> _roots = new("--roots") { HelpName = "name=folder", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false, Description = "A folder with pictures that callers may name; may be given several times. Default: none." };
    private readonly Option<string[]> _models = new("--model", "-m") { HelpName = "folder", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false, Description = "A checkpoint that callers may name by its folder's name; may be given several times, the first is the usual one. Default: the small model that ships with dpvr." };
    private readonly Option<string?> _authority = new("--jwt-authority") { HelpName = "url", Description = "Take tokens of this OpenID Connect issuer. Default: none are taken." };
    private readonly Option<string?> _keyFile = new("--jwt-key") { HelpName = "file", Description = "Take tokens signed with the key in this file (HS256; 32 bytes or more). Default: none are taken." };
    private readonly Option<string?> _issuer = new("--jwt-issuer") { HelpName = "text", Description = "The issuer that such tokens must name. Default: any." };
    private readonly Option<string> _audience = new("--jwt-audience") { HelpName = "text", DefaultValueFactory = _ => "dpvr", Description = "The audience that a token must name. Default: dpvr." };
    private readonly Option<string[]> _allowHost = AllowHostOption.Create();
    private readonly Option<int> _rate = CheckedOption.Number("--rate", 100, 1, 1_000_000, "Calls a second of one key; twice as many in a burst.");
    private readonly Option<int> _jobs = CheckedOption.Number("--most-jobs", 1000, 1, 1_000_000, "Jobs of one key that have not ended.");
    private readonly Option<int> _file = CheckedOption.Number("--most-upload", 2048, 1, 1_000_000, "MiB of an uploaded file.");

    private readonly Option<int> _stored = CheckedOption.Number("--most-stored", 64, 1, 1_000_000, "GiB of all uploaded files together.");
    private readonly Option<int> _pictures = CheckedOption.Number("--keep-pictures", 7, 1, 3650, "Days that pictures which came with batches are kept at least; longer while a batch needs them.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_http, _roots, _models, _authority, _keyFile, _issuer, _audience, _allowHost, _rate, _jobs, _file, _stored, _pictures]) command.Add(option);
    }

    /// <summary>Where it is served; null: nowhere.</summary>
    /// <exception cref="UsageException">It is no address with a port.</exception>
    public IPEndPoint? Listen(ParseResult result) => result.GetValue(_http) switch
    {
        null => null,
        { } text when IPEndPoint.TryParse(text, out var endpoint) && text.Contains(':', StringComparison.Ordinal) => endpoint,
        var text => throw new UsageException($"--http: '{text}' is not allowed; allowed: an IP address with a port as in 127.0.0.1:8080."),
    };

    /// <summary>Refuses, before anything is begun, to serve others who would have to show no key.</summary>
    /// <exception cref="ExposedException">That is what was asked for.</exception>
    public async Task CheckExposureAsync(ParseResult result, string store, CancellationToken cancellationToken)
    {
        if (Listen(result) is not { } listen) return;
        var auth = new AuthOptions();
        Auth(result)(auth);
        await Exposure.IsOpenAsync(listen, new BlobApiKeyStore(StoreServices.Open(store)), auth, TimeProvider.System.GetUtcNow(), cancellationToken);
    }

    /// <summary>Hosts that pictures may be fetched from although they are not public.</summary>
    public IReadOnlyList<string> AllowedHosts(ParseResult result) => result.GetValue(_allowHost) ?? [];

    /// <exception cref="UsageException">A folder does not exist.</exception>
    public FolderModels Models(ParseResult result)
    {
        var folders = result.GetValue(_models) is { Length: > 0 } named ? named : [ShippedModel.Find()];
        if (folders.FirstOrDefault(static f => !Directory.Exists(f)) is { } missing) throw new UsageException($"--model: '{missing}' does not exist; allowed: a folder with config.json and *.safetensors.");
        return new FolderModels(folders);
    }

    /// <exception cref="UsageException">A root is none.</exception>
    public Action<ApiOptions> Api(ParseResult result)
    {
        var listen = Listen(result);
        var roots = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in result.GetValue(_roots) ?? [])
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || !Directory.Exists(text[(at + 1)..])) throw new UsageException($"--roots: '{text}' is not allowed; allowed: name=folder, of a folder that exists.");
            if (!roots.TryAdd(text[..at], Path.GetFullPath(text[(at + 1)..]))) throw new UsageException($"--roots: '{text[..at]}' is named twice; allowed: different names.");
        }
        return options =>
        {
            (options.Listen, options.RequestsPerSecond, options.MostOpenJobs, options.MostFileBytes) = (listen, result.GetValue(_rate), result.GetValue(_jobs), (long)result.GetValue(_file) << 20);
            (options.MostStoredBytes, options.PicturesKept) = ((long)result.GetValue(_stored) << 30, TimeSpan.FromDays(result.GetValue(_pictures)));
            foreach (var (name, path) in roots) options.Roots[name] = path;
        };
    }

    /// <exception cref="UsageException">The issuer is no address, or both kinds of tokens were asked for.</exception>
    public Action<AuthOptions> Auth(ParseResult result)
    {
        var (authority, key) = (result.GetValue(_authority), result.GetValue(_keyFile));
        if (authority is not null && key is not null) throw new UsageException("--jwt-authority and --jwt-key contradict each other; allowed: one of them.");
        if (key is not null && !File.Exists(key)) throw new UsageException($"--jwt-key: '{key}' does not exist; allowed: a file with 32 bytes or more.");
        Uri? issuer = null;
        if (authority is not null && (!Uri.TryCreate(authority, UriKind.Absolute, out issuer) || issuer.Scheme is not ("https" or "http")))
            throw new UsageException($"--jwt-authority: '{authority}' is not allowed; allowed: the address of an issuer as in https://login.example.org.");
        return options => (options.JwtAuthority, options.JwtKeyFile, options.JwtIssuer, options.JwtAudience) = (issuer, key, result.GetValue(_issuer), result.GetRequiredValue(_audience));
    }
}
