namespace Dpvr.Hosting.Auth;

/// <summary>What a key may do. Each scope includes the ones before it.</summary>
public static class ApiScope
{
    /// <summary>Look: jobs, results, files, models.</summary>
    public const string Read = "read";

    /// <summary>Hand in and steer work: jobs, batches, files, chat.</summary>
    public const string Submit = "submit";

    /// <summary>Decide between others' work: weights and priorities.</summary>
    public const string Admin = "admin";

    /// <summary>All of them, from the least.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Submit, Admin];

    /// <summary>The claim that says a scope.</summary>
    public const string ClaimType = "dpvr:scope";

    /// <summary>True when a holder of <paramref name="held"/> may do what needs <paramref name="needed"/>.</summary>
    public static bool Covers(string held, string needed) => Rank(held) >= Rank(needed) && Rank(held) >= 0;

    private static int Rank(string scope) => scope switch { Read => 0, Submit => 1, Admin => 2, _ => -1 };
}
