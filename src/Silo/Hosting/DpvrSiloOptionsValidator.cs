using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Hosting;

internal sealed class DpvrSiloOptionsValidator : IValidateOptions<DpvrSiloOptions>
{
    public ValidateOptionsResult Validate(string? name, DpvrSiloOptions options)
    {
        var failures = new List<string>();
        Check(options.LeaseDuration > TimeSpan.Zero, nameof(options.LeaseDuration), options.LeaseDuration, "more than 0");
        Check(options.RetryAfter > TimeSpan.Zero, nameof(options.RetryAfter), options.RetryAfter, "more than 0");
        Check(options.MostRetryAfter >= options.RetryAfter, nameof(options.MostRetryAfter), options.MostRetryAfter, "RetryAfter or more");
        Check(options.KeepInterval > TimeSpan.Zero, nameof(options.KeepInterval), options.KeepInterval, "more than 0");
        Check(options.BackupFactor == 0 || options.BackupFactor >= 1, nameof(options.BackupFactor), options.BackupFactor, "0, or 1 and more");
        Check(options.BackupAfter >= TimeSpan.Zero, nameof(options.BackupAfter), options.BackupAfter, "0 or more");
        Check(options.EngineStay >= TimeSpan.Zero, nameof(options.EngineStay), options.EngineStay, "0 or more");
        Check(options.SplitAfter >= 1, nameof(options.SplitAfter), options.SplitAfter, "1 or more");
        Check(options.SplitParts >= 2, nameof(options.SplitParts), options.SplitParts, "2 or more");
        Check(options.SplitAfterInterruptions >= 1, nameof(options.SplitAfterInterruptions), options.SplitAfterInterruptions, "1 or more");
        Check(options.MaxInterruptions >= 1, nameof(options.MaxInterruptions), options.MaxInterruptions, "1 or more");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool holds, string option, object value, string allowed)
        {
            if (!holds) failures.Add($"{nameof(DpvrSiloOptions)}.{option} is {value}; allowed is {allowed}.");
        }
    }
}
