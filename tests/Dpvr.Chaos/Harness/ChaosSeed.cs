using System.Globalization;
using System.Text;

namespace Dpvr.Chaos.Harness;

/// <summary>Where chance comes from: <c>DPVR_CHAOS_SEED</c>, else the day, so that every day tries something else and a failure can be had again.</summary>
internal static class ChaosSeed
{
    public const string Variable = "DPVR_CHAOS_SEED";

    public static int Value { get; } = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : int.Parse(DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Chance for one test: the same whichever others run.</summary>
    public static Random For(string test) => new(Encoding.UTF8.GetBytes(test).Aggregate(Value, static (hash, b) => unchecked((hash * 31) + b)));
}
