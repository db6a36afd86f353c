namespace Dpvr.TestKit;

/// <summary>The working tree that this test was built in.</summary>
public static class Repository
{
    private static readonly string[] SourceFolders = ["src", "tests", "benchmarks"];

    /// <summary>Its top folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built program, of the same configuration as this test.</summary>
    public static string Dpvr { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Dpvr.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "dpvr"));

    /// <summary>All hand-written C# files, as paths relative to the root.</summary>
    public static IEnumerable<string> CSharpFiles() => Files(SourceFolders, "*.cs");

    /// <summary>The files below some folders, as paths relative to the root.</summary>
    public static IEnumerable<string> Files(IEnumerable<string> folders, string pattern) =>
        from folder in folders
        let path = Path.Combine(Root, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
        select Path.GetRelativePath(Root, file);

    /// <summary>A file's text.</summary>
    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Dpvr.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No Dpvr.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
