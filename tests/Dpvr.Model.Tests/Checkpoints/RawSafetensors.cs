using System.Buffers.Binary;
using System.Text;

namespace Dpvr.Model.Tests.Checkpoints;

/// <summary>Writes files byte by byte, so that they can be as wrong as a test wants.</summary>
internal static class RawSafetensors
{
    /// <param name="header">JSON, taken as it stands.</param>
    /// <param name="data">Data after the header.</param>
    /// <param name="headerLength">What the first 8 bytes claim; null is the truth.</param>
    internal static string Write(string path, string header, byte[] data, ulong? headerLength = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength ?? (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    internal static string Tensor(string name, string dtype, string shape, long begin, long end) =>
        $$"""{{name}}:{"dtype":"{{dtype}}","shape":{{shape}},"data_offsets":[{{begin}},{{end}}]}""";
}
