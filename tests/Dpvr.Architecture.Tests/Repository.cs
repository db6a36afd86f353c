namespace Dpvr.Architecture.Tests;

/// <summary>The working tree that this test was built from.</summary>
internal static class Repository
{
    private static readonly string[] SourceFolders = ["src", "tests", "benchmarks"];

    public static string Root { get; } = FindRoot();

    /// <summary>All hand-written C# files, as paths relative to the root.</summary>
    public static IEnumerable<string> CSharpFiles() => Files(SourceFolders, "*.cs");

    public static IEnumerable<string> Files(IEnumerable<string> folders, string pattern) =>
        from folder in folders
        let path = Path.Combine(Root, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
        select Path.GetRelativePath(Root, file);

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dpvr.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No Dpvr.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
