namespace Dpvr.Model.Tests.Golden;

/// <summary>
/// Where the golden values lie: the folder named by DPVR_GOLDENS, else the copy in the repository. Every folder below it
/// with a <c>cases.json</c> is a model, so further cases need no code change.
/// </summary>
internal static class GoldenFolder
{
    internal const string Variable = "DPVR_GOLDENS";

    internal static string Root { get; } = Find();

    /// <summary>Paths of all models, relative to <see cref="Root"/>.</summary>
    internal static IReadOnlyList<string> ModelNames { get; } =
        [.. Directory.EnumerateFiles(Root, "cases.json", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal)];

    internal static GoldenModel Model(string name) => GoldenModel.Load(name, Path.Combine(Root, name));

    /// <summary>Theory rows: every model.</summary>
    public static TheoryData<string> Models() => [.. ModelNames];

    /// <summary>Theory rows: model, case, variant (<c>dense</c> or <c>dpvr_s…</c>), all there are.</summary>
    public static TheoryData<string, string, string> Runs() => RunsWhere(_ => true);

    /// <summary>Theory rows as <see cref="Runs"/>, of the variants that match.</summary>
    public static TheoryData<string, string, string> RunsWhere(Func<string, bool> variant)
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var model in ModelNames.Select(Model))
            foreach (var golden in model.Cases)
                foreach (var name in golden.Variants.Where(variant)) rows.Add(model.Name, golden.Name, name);
        return rows;
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? Path.GetFullPath(named) : throw new DirectoryNotFoundException($"{Variable} names {named}, which is no folder.");

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Dpvr.sln"))) return Path.Combine(folder.FullName, "tests", "golden");
        throw new DirectoryNotFoundException($"No Dpvr.sln above {AppContext.BaseDirectory}; set {Variable} to the golden folder.");
    }
}
