using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dpvr.Model.Tests.Pictures;

/// <summary>The reference pictures (<c>tests/golden/README.md</c>, section 6) and what the reference made of them.</summary>
internal static class PictureGoldens
{
    private static readonly Lazy<string> Folder = new(Find);

    internal static string FileOf(string stem) => Directory.EnumerateFiles(Path.Combine(Folder.Value, "files"), stem + ".*").Single();

    internal static IEnumerable<string> Stems => Directory.EnumerateFiles(Path.Combine(Folder.Value, "golden"), "*.safetensors")
        .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    internal static IEnumerable<string> TensorsOf(string stem) => Open(stem).Header.EnumerateObject().Select(x => x.Name).Where(x => x != "__metadata__");

    /// <summary>Raw bytes of one tensor.</summary>
    internal static byte[] Read(string stem, string tensor)
    {
        var (header, data) = Open(stem);
        var offsets = header.GetProperty(tensor).GetProperty("data_offsets");
        return data[offsets[0].GetInt32()..offsets[1].GetInt32()];
    }

    internal static float[] ReadFloats(string stem, string tensor) => MemoryMarshal.Cast<byte, float>(Read(stem, tensor)).ToArray();

    internal static JsonElement Described(string stem)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder.Value, "images.json")));
        return json.RootElement.GetProperty("images").GetProperty(stem).Clone();
    }

    // Read here rather than with the project's own reader: a fault in that one must not hide a fault in the pictures.
    private static (JsonElement Header, byte[] Data) Open(string stem)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder.Value, "golden", stem + ".safetensors"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, length));
        return (json.RootElement.Clone(), bytes[(8 + length)..]);
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("DPVR_GOLDENS") is { Length: > 0 } named && Directory.Exists(Path.Combine(named, "images")))
            return Path.Combine(named, "images");

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Dpvr.sln"))) return Path.Combine(folder.FullName, "tests", "golden", "images");
        throw new DirectoryNotFoundException($"No Dpvr.sln above {AppContext.BaseDirectory}.");
    }
}
