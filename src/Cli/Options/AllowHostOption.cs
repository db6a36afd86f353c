using System.CommandLine;
using Dpvr.Data.Urls;

namespace Dpvr.Cli.Options;

/// <summary><c>--allow-host</c>: hosts that pictures may be fetched from although they are not on the public internet.</summary>
internal static class AllowHostOption
{
    public static Option<string[]> Create()
    {
        var option = new Option<string[]>("--allow-host")
        {
            HelpName = "host[:port]",
            Description = "A host that URLs of pictures may name although it is not on the public internet; may be given several times. Default: none.",
            AllowMultipleArgumentsPerToken = false,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!HostRule.TryParse(token.Value, out _))
                    result.AddError($"--allow-host: '{token.Value}' is not allowed; allowed: {HostRule.Allowed}.");
        });
        return option;
    }
}
