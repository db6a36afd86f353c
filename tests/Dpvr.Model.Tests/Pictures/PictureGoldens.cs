using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dpvr.Model.Tests.Golden;

namespace Dpvr.Model.Tests.Pictures;

/// <summary>The reference pictures (<c>tests/golden/README.md</c>, section 6) and what the reference made of them.</summary>
internal static class PictureGoldens
{
    // A folder named from outside may hold further pictures, or none: then the repository's own are read.
    private static readonly string Root = Folders(GoldenFolder.Root).Any() ? GoldenFolder.Root : InRepository("tests", "golden");

    /// <summary>Every picture below every folder with an <c>images.json</c>, as "folder/stem".</summary>
    internal static IEnumerable<string> Stems =>
        from folder in Folders(Root)
        from path in Directory.EnumerateFiles(Path.Combine(folder, "golden"), "*.safetensors").Order(StringComparer.Ordinal)
        select Path.Combine(Path.GetRelativePath(Root, folder), Path.GetFileNameWithoutExtension(path));

    internal static string FileOf(string stem) => Directory.EnumerateFiles(Path.Combine(FolderOf(stem), "files"), Path.GetFileName(stem) + ".*").Single();

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
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(FolderOf(stem), "images.json")));
        return json.RootElement.GetProperty("images").GetProperty(Path.GetFileName(stem)).Clone();
    }

    // Read here rather than with the project's own reader: a fault in that one must not hide a fault in the pictures.
    private static (JsonElement Header, byte[] Data) Open(string stem)
    {
        var bytes = File.ReadAllBytes(Path.Combine(FolderOf(stem), "golden", Path.GetFileName(stem) + ".safetensors"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, length));
        return (json.RootElement.Clone(), bytes[(8 + length)..]);
    }

    /// <summary>A folder of the repository.</summary>
    internal static string InRepository(params string[] path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dpvr.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No Dpvr.sln above {AppContext.BaseDirectory}.");
        return Path.Combine([folder.FullName, .. path]);
    }

    private static string FolderOf(string stem) => Path.Combine(Root, Path.GetDirectoryName(stem)!);

    private static IEnumerable<string> Folders(string root) =>
        Directory.EnumerateFiles(root, "images.json", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal);
}
