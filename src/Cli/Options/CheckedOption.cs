using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dpvr.Cli.Options;

/// <summary>Options that refuse a wrong value with one line that names the option, the value and what is allowed.</summary>
internal static class CheckedOption
{
    /// <summary>One of a few words; null when it is not given.</summary>
    public static Option<string?> OneOf(string name, string[] allowed, string description) => new(name)
    {
        HelpName = string.Join('|', allowed),
        Description = description,
        CustomParser = result => Check(result, name, allowed.Contains(Value(result), StringComparer.Ordinal), Value(result), string.Join(", ", allowed)),
    };

    /// <summary>One of a few words.</summary>
    public static Option<string?> OneOf(string name, string[] allowed, string otherwise, string description)
    {
        var option = OneOf(name, allowed, description);
        option.DefaultValueFactory = _ => otherwise;
        return option;
    }

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, int otherwise, int least, int most, string description) => new(name)
    {
        HelpName = "n",
        Description = description,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var good = int.TryParse(Value(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            return Check(result, name, good, number, $"a whole number from {least} to {most}");
        },
    };

    /// <summary>A number within bounds, or <c>auto</c> (null).</summary>
    public static Option<int?> AutoOrNumber(string name, string alias, int least, int most, string description) => new(name, alias)
    {
        HelpName = "auto|n",
        Description = description,
        CustomParser = result =>
        {
            if (Value(result) == "auto") return null;
            var good = int.TryParse(Value(result), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            return Check<int?>(result, name, good, number, $"auto, or a whole number from {least} to {most}");
        },
    };

    /// <summary>A number within bounds.</summary>
    public static Option<double> Fraction(string name, double otherwise, double least, double most, string description) => new(name)
    {
        HelpName = "x",
        Description = description,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var good = double.TryParse(Value(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
            return Check(result, name, good, number, $"a number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}");
        },
    };

    private static string Value(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;

    private static T Check<T>(ArgumentResult result, string name, bool good, T value, string allowed)
    {
        if (!good) result.AddError($"{name}: '{Value(result)}' is not allowed; allowed: {allowed}.");
        return good ? value : default!;
    }
}
