using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Api;

internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        var failures = new List<string>();
        Check(options.MostBodyBytes >= 1024, nameof(options.MostBodyBytes), options.MostBodyBytes, "1024 or more");
        Check(options.MostChatBytes >= 1024, nameof(options.MostChatBytes), options.MostChatBytes, "1024 or more");
        Check(options.MostFileBytes >= 1024, nameof(options.MostFileBytes), options.MostFileBytes, "1024 or more");
        Check(options.MostStoredBytes >= 1024, nameof(options.MostStoredBytes), options.MostStoredBytes, "1024 or more");
        Check(options.PicturesKept >= TimeSpan.FromDays(1), nameof(options.PicturesKept), options.PicturesKept, "1 day or more");
        Check(options.RequestsPerSecond is >= 1 and <= 1_000_000, nameof(options.RequestsPerSecond), options.RequestsPerSecond, "1 to 1000000");
        Check(options.MostOpenJobs >= 1, nameof(options.MostOpenJobs), options.MostOpenJobs, "1 or more");
        Check(options.MostChats >= 1, nameof(options.MostChats), options.MostChats, "1 or more");
        Check(options.MostStreams >= 1, nameof(options.MostStreams), options.MostStreams, "1 or more");
        Check(options.Heartbeat > TimeSpan.Zero, nameof(options.Heartbeat), options.Heartbeat, "more than 0");
        Check(options.EventInterval > TimeSpan.Zero, nameof(options.EventInterval), options.EventInterval, "more than 0");
        foreach (var (root, path) in options.Roots)
        {
            Check(RootName().IsMatch(root), nameof(options.Roots), root, "names of a letter or digit, then up to 63 of a-z, A-Z, 0-9, '.', '-', '_'");
            Check(Directory.Exists(path), $"{nameof(options.Roots)}[{root}]", path, "a folder that exists");
        }
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool holds, string option, object value, string allowed)
        {
            if (!holds) failures.Add($"{nameof(ApiOptions)}.{option} is {value}; allowed is {allowed}.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    private static partial Regex RootName();
}
