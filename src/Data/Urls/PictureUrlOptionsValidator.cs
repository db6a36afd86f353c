using Microsoft.Extensions.Options;

namespace Dpvr.Data.Urls;

/// <summary>Refuses options that could not fetch anything, before anything starts.</summary>
internal sealed class PictureUrlOptionsValidator : IValidateOptions<PictureUrlOptions>
{
    public ValidateOptionsResult Validate(string? name, PictureUrlOptions options)
    {
        List<string> errors = [];
        foreach (var host in options.AllowedHosts) Check(HostRule.TryParse(host, out _), nameof(options.AllowedHosts), host, HostRule.Allowed);
        Check(options.MaxBytes >= 1, nameof(options.MaxBytes), options.MaxBytes, "1 or more");
        Check(options.MaxRedirects is >= 0 and <= 20, nameof(options.MaxRedirects), options.MaxRedirects, "0 to 20");
        Check(options.ConnectTimeout > TimeSpan.Zero, nameof(options.ConnectTimeout), options.ConnectTimeout, "above zero");
        Check(options.TotalTimeout > TimeSpan.Zero, nameof(options.TotalTimeout), options.TotalTimeout, "above zero");
        Check(options.Attempts is >= 1 and <= 20, nameof(options.Attempts), options.Attempts, "1 to 20");
        Check(options.FirstPause >= TimeSpan.Zero, nameof(options.FirstPause), options.FirstPause, "zero or more");
        Check(options.LongestRetryAfter >= TimeSpan.Zero, nameof(options.LongestRetryAfter), options.LongestRetryAfter, "zero or more");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool good, string option, object value, string allowed)
        {
            if (!good) errors.Add($"PictureUrlOptions.{option}: '{value}' is not allowed; allowed: {allowed}.");
        }
    }
}
