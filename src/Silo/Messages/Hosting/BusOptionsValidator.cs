using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Hosting;

internal sealed class BusOptionsValidator : IValidateOptions<BusOptions>
{
    public ValidateOptionsResult Validate(string? name, BusOptions options)
    {
        var failures = new List<string>();
        Check(options.DeliveryLimit >= 1, nameof(options.DeliveryLimit), options.DeliveryLimit, "1 or more");
        Check(options.SubmissionsAtOnce is >= 1 and <= 1000, nameof(options.SubmissionsAtOnce), options.SubmissionsAtOnce, "1 to 1000");
        Check(options.WindowSize is >= 1 and <= 1024, nameof(options.WindowSize), options.WindowSize, "1 to 1024");
        Check(options.OpenWindows is null or (>= 1 and <= BusOptions.MostWindows), nameof(options.OpenWindows), options.OpenWindows ?? 0, $"1 to {BusOptions.MostWindows}, or null");
        Check(options.WindowPriority is >= -1000 and <= 1000, nameof(options.WindowPriority), options.WindowPriority, "-1000 to 1000");
        foreach (var (option, value) in new[]
        {
            (nameof(options.WindowAge), options.WindowAge), (nameof(options.WindowLook), options.WindowLook), (nameof(options.ProgressInterval), options.ProgressInterval),
            (nameof(options.AdoptInterval), options.AdoptInterval), (nameof(options.CountInterval), options.CountInterval), (nameof(options.RoomPatience), options.RoomPatience), (nameof(options.RoomLook), options.RoomLook),
        }) Check(value > TimeSpan.Zero, option, value, "more than 0");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool holds, string option, object value, string allowed)
        {
            if (!holds) failures.Add($"{nameof(BusOptions)}.{option} is {value}; allowed is {allowed}.");
        }
    }
}
