namespace Dpvr.TestKit;

/// <summary>A folder of a test's own, gone after it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("dpvr-test-").FullName;

    /// <summary>A path below it.</summary>
    public string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file below it, with the folders that it needs.</summary>
    public string File(string relative, string content = "x")
    {
        var path = Of(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
