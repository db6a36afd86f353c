using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace Dpvr.Dashboard.Assets;

/// <summary>Styles and scripts, read from this assembly once and kept compressed: pages ask nobody else for anything.</summary>
internal static class AssetFiles
{
    private static readonly Lazy<FrozenDictionary<string, AssetFile>> s_files = new(Load);

    /// <summary>All of them by path, as in <c>assets/dashboard.css</c>.</summary>
    public static IReadOnlyDictionary<string, AssetFile> All => s_files.Value;

    /// <summary>The address of a file; it changes with the file, so that browsers may keep it for ever.</summary>
    public static string Url(string path) => $"{path}?v={All[path].Tag[..12]}";

    private static FrozenDictionary<string, AssetFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(static name => name.StartsWith("assets/", StringComparison.Ordinal) || name.StartsWith("_framework/", StringComparison.Ordinal))
            .ToFrozenDictionary(static name => name, name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static AssetFile Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var plain = new byte[stream.Length];
        stream.ReadExactly(plain);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return new AssetFile(plain, packed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(plain)), Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        });
    }
}
