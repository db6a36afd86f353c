using Microsoft.Extensions.Options;

namespace Dpvr.Workers;

/// <summary>Refuses a worker that could not work, before it starts.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        List<string> errors = [];
        Check(!string.IsNullOrWhiteSpace(options.Name), nameof(options.Name), options.Name, "a text");
        Check(options.ShardsInHand is >= 1 and <= 64, nameof(options.ShardsInHand), options.ShardsInHand, "1 to 64");
        Check(options.MostShardsInHand >= options.ShardsInHand && options.MostShardsInHand <= 1024, nameof(options.MostShardsInHand), options.MostShardsInHand, "ShardsInHand to 1024");
        Check(options.FetchThreads is >= 1 and <= 256, nameof(options.FetchThreads), options.FetchThreads, "1 to 256");
        Check(options.DecodeThreads is >= 1 and <= 256, nameof(options.DecodeThreads), options.DecodeThreads, "1 to 256");
        Check(options.DrainTime >= TimeSpan.Zero, nameof(options.DrainTime), options.DrainTime, "zero or more");
        Check(options.RememberedAnswers >= 0, nameof(options.RememberedAnswers), options.RememberedAnswers, "zero or more");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool good, string option, object value, string allowed)
        {
            if (!good) errors.Add($"WorkerOptions.{option}: '{value}' is not allowed; allowed: {allowed}.");
        }
    }
}
