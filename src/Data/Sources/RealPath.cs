namespace Dpvr.Data.Sources;

/// <summary>Paths with their links followed.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The path with every link in it followed; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">Links go round in a circle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        var full = Path.GetFullPath(path);
        restart:
        var root = Path.GetPathRoot(full)!;
        var done = root;
        var parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var here = Path.Combine(done, parts[i]);
            if (new FileInfo(here).LinkTarget is { } target)
            {
                if (++links > MaxLinks) throw new IOException($"{path} is a circle of links.");
                full = Path.GetFullPath(Path.Combine([Path.Combine(done, target), .. parts[(i + 1)..]]));
                goto restart;
            }
            done = here;
        }
        return done;
    }

    /// <summary>True when the path, below the root, holds a link.</summary>
    public static bool HasLink(string root, string path)
    {
        for (var here = path; here.Length > root.Length; here = Path.GetDirectoryName(here)!)
            if (new FileInfo(here).LinkTarget is not null)
                return true;
        return false;
    }
}
