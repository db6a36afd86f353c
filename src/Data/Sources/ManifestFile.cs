using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Sources;

/// <summary>A picture that a manifest names by a path in the manifest's folder.</summary>
internal static class ManifestFile
{
    /// <summary>The item with the file's size and version, or with the error that it has.</summary>
    /// <param name="item">Its locator is the path.</param>
    /// <param name="root">The manifest's folder.</param>
    /// <param name="where">As in <c>Line 7</c>.</param>
    public static ShardItem Find(ShardItem item, string root, string where)
    {
        try
        {
            var full = Path.GetFullPath(Path.Combine(root, item.Locator));
            if (!full.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)) return Failed(ErrorCodes.UnsafePath, "the path leaves the manifest's folder");
            var file = new FileInfo(RealPath.Of(full));
            return file.Exists ? item with { Size = file.Length, Version = FileVersion.Of(file) } : Failed(ErrorCodes.MissingImage, $"there is no file {item.Locator}");
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return Failed(ErrorCodes.BadRow, e.Message);
        }

        ShardItem Failed(string code, string why) => item with { Error = new ItemError(code, $"{where}: {why}.") };
    }
}
