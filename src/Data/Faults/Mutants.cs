namespace Dpvr.Data.Faults;

/// <summary>
/// The mutants that are switched on: <c>DPVR_MUTANTS=name,…</c>, refused unless <c>DPVR_TEST_BUILD=1</c> stands beside it, so that no forgotten variable ever
/// makes a real run wrong.
/// </summary>
public static class Mutants
{
    /// <summary>Those that are on in this process.</summary>
    internal static Mutant Active { get; set; } = Parse(Environment.GetEnvironmentVariable("DPVR_MUTANTS"), Environment.GetEnvironmentVariable("DPVR_TEST_BUILD"));

    /// <summary>True when it is on.</summary>
    public static bool Are(Mutant mutant) => (Active & mutant) != 0;

    /// <exception cref="InvalidOperationException">A mutant without the second switch, or an unknown one.</exception>
    internal static Mutant Parse(string? names, string? testBuild)
    {
        if (string.IsNullOrWhiteSpace(names)) return Mutant.None;
        if (testBuild != "1") throw new InvalidOperationException("DPVR_MUTANTS makes results wrong on purpose and is refused: it needs DPVR_TEST_BUILD=1 beside it.");
        var active = Mutant.None;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            active |= Enum.TryParse<Mutant>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var one) && one != Mutant.None && !int.TryParse(name, out _)
                ? one
                : throw new InvalidOperationException($"DPVR_MUTANTS: there is no mutant '{name}'.");
        return active;
    }
}
