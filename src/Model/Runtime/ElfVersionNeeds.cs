using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dpvr.Model.Runtime;

/// <summary>
/// TorchSharp's native library asks for symbol version GLIBCXX_3.4.32 (GCC 13), which Debian 12 and Ubuntu 22.04 lack,
/// although no relocation uses a symbol of that version. Marking the need as weak (VER_FLG_WEAK in <c>.gnu.version_r</c>,
/// see the ELF symbol versioning specification) lets the dynamic loader accept it.
/// Only a copy is changed, and only where the system's libstdc++ really lacks the version.
/// </summary>
internal static class ElfVersionNeeds
{
    internal const string NewerLibstdcxx = "GLIBCXX_3.4.32";
    private const uint ShtGnuVerneed = 0x6ffffffe;
    private const ushort VerFlgWeak = 2;

    /// <summary>Writes a loadable copy of <paramref name="library"/> to a per-user cache folder and returns its path.</summary>
    internal static string WriteCopyThatLoads(string library)
    {
        var bytes = File.ReadAllBytes(library);
        if (!MarkWeak(bytes, NewerLibstdcxx))
            throw new DllNotFoundException($"{library} needs {NewerLibstdcxx} of libstdc++ (GCC 13 or newer), which this system lacks.");

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        var folder = Path.Combine(CacheRoot(), "native", digest);
        var copy = Path.Combine(folder, Path.GetFileName(library));
        if (File.Exists(copy) && new FileInfo(copy).Length == bytes.Length) return copy;

        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, copy, overwrite: true); // atomic: two processes may start at once
        return copy;
    }

    /// <summary>Sets the weak flag on every need of <paramref name="version"/>; false when the file has none.</summary>
    internal static bool MarkWeak(Span<byte> elf, string version)
    {
        var sections = (long)BinaryPrimitives.ReadUInt64LittleEndian(elf[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3A..]), count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3C..]);
        var found = false;
        for (var i = 0; i < count; i++)
        {
            var header = elf.Slice(checked((int)sections) + i * size, size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != ShtGnuVerneed) continue;

            var needs = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]));
            var link = BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]);
            var strings = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[(checked((int)sections) + link * size + 0x18)..]));
            found |= MarkWeakIn(elf, needs, strings, version);
        }
        return found;
    }

    private static bool MarkWeakIn(Span<byte> elf, int need, int strings, string version)
    {
        var found = false;
        while (true)
        {
            var auxiliary = need + BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 8)..]);
            for (int left = BinaryPrimitives.ReadUInt16LittleEndian(elf[(need + 2)..]); left > 0; left--)
            {
                var name = strings + BinaryPrimitives.ReadInt32LittleEndian(elf[(auxiliary + 8)..]);
                if (ReadString(elf, name) == version)
                {
                    var flags = elf[(auxiliary + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | VerFlgWeak));
                    found = true;
                }
                auxiliary += BinaryPrimitives.ReadInt32LittleEndian(elf[(auxiliary + 12)..]);
            }
            var next = BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 12)..]);
            if (next == 0) return found;
            need += next;
        }
    }

    private static string ReadString(ReadOnlySpan<byte> elf, int offset)
    {
        var text = elf[offset..];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private static string CacheRoot() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create) is { Length: > 0 } local
            ? local : Path.GetTempPath(), "dpvr");
}
