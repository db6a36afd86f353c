namespace Dpvr.TestKit.Processes;

/// <summary>Finds programs.</summary>
public static class Programs
{
    /// <summary>The path of a program, looked for in PATH and then in further folders; null when there is none.</summary>
    public static string? Find(string name, params string[] folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(folders)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
