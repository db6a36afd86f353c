namespace Dpvr.Data.Sources;

/// <summary>Paths that others name, held below a folder.</summary>
public static class ContainedPath
{
    /// <summary>The path with every link followed.</summary>
    public static string RealOf(string path) => Path.TrimEndingDirectorySeparator(RealPath.Of(path));

    /// <summary>The real path of <paramref name="relative"/> below <paramref name="root"/> (itself a real path); null when it is absolute, leaves the root, even by a link, or is no path.</summary>
    public static string? TryResolve(string root, string relative)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(relative);
        if (relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relative)) return null;
        var full = Path.GetFullPath(Path.Combine(root, relative));
        if (!IsBelow(root, full)) return null;
        try
        {
            var real = RealOf(full);
            return IsBelow(root, real) ? real : null;
        }
        catch (IOException)
        {
            return null; // a circle of links
        }
    }

    private static bool IsBelow(string root, string path) =>
        path == root || path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || (root.Length == 1 && path.StartsWith(root, StringComparison.Ordinal));
}
