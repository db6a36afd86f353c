namespace Dpvr.Cli.Tests;

/// <summary>The working tree that this test was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The built program, of the same configuration as this test.</summary>
    public static string Dpvr { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Dpvr.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "dpvr"));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dpvr.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No Dpvr.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
