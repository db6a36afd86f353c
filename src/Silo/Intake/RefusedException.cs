namespace Dpvr.Silo.Intake;

/// <summary>What was submitted cannot be a job; nothing was begun. The same refusal for whoever submitted it: HTTP, a queue, a command line.</summary>
public sealed class RefusedException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="field">The member that is wrong, as in <c>prompts[1].text</c>.</param>
    /// <param name="value">What it says; null when it is missing.</param>
    /// <param name="allowed">What it may say, as words of a sentence.</param>
    /// <param name="code">One word for programs.</param>
    public RefusedException(string field, string? value, string allowed, string code = "invalid_value")
        : base(value is null ? $"{field} is missing; allowed: {allowed}." : $"{field}: '{Shorten(value)}' is not allowed; allowed: {allowed}.") =>
        (Field, Value, Allowed, Code) = (field, value is null ? null : Shorten(value), allowed, code);

    /// <summary>The member that is wrong.</summary>
    public string Field { get; }

    /// <summary>What it says, at most 200 characters of it.</summary>
    public string? Value { get; }

    /// <summary>What it may say.</summary>
    public string Allowed { get; }

    /// <summary>One word for programs.</summary>
    public string Code { get; }

    private static string Shorten(string value) => value.Length <= 200 ? value : value[..200] + "…";
}
