using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>Writes safetensors files: streamed a few megabytes at a time, aligned, and atomic (temporary file, fsync, rename).</summary>
public static class SafetensorsWriter
{
    private const int ChunkBytes = 8 << 20;

    /// <summary>Writes <paramref name="tensors"/> to <paramref name="path"/>, replacing what is there.</summary>
    /// <param name="type">F32, F16 or BF16 to convert the floating-point tensors to; null keeps each tensor's own dtype. Others are never converted.</param>
    /// <param name="metadata">Entries of <c>__metadata__</c>; <c>format</c> = <c>pt</c> is added, since transformers refuses files without it.</param>
    /// <exception cref="CheckpointException">A name occurs twice, or a dtype has no safetensors name.</exception>
    public static void Write(
        string path, IEnumerable<(string Name, Tensor Value)> tensors, ScalarType? type = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        if (type is not (null or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new CheckpointException($"{path}: cannot convert to {type}; allowed: Float32, Float16, BFloat16.");

        // Widest elements first keeps every tensor aligned to its element size without padding, which the format forbids.
        var parts = tensors.Select(t => new Part(t.Name, t.Value, t.Value.is_floating_point() ? type ?? t.Value.dtype : t.Value.dtype, t.Value.shape))
            .OrderByDescending(p => SafetensorsType.SizeOf(p.Type)).ThenBy(p => p.Name, StringComparer.Ordinal).ToArray();
        foreach (var name in parts.CountBy(p => p.Name).Where(g => g.Value > 1).Select(g => g.Key))
            throw new CheckpointException($"{path}: tensor '{name}' is given twice.");

        var header = BuildHeader(parts, metadata ?? new Dictionary<string, string>());
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var part in parts) WriteData(stream, part);
        });
    }

    private static byte[] BuildHeader(Part[] parts, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            if (!metadata.ContainsKey("format")) json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (var part in parts)
            {
                json.WriteStartObject(part.Name);
                json.WriteString("dtype", SafetensorsType.NameOf(part.Type));
                json.WriteStartArray("shape");
                foreach (var size in part.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += part.Count * SafetensorsType.SizeOf(part.Type));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' '); // the data then begins 8-byte aligned
        return buffer.ToArray();
    }

    private static void WriteData(Stream stream, Part part)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var flat = part.Value.contiguous().view(-1);
        var step = ChunkBytes / SafetensorsType.SizeOf(part.Type);
        for (long at = 0; at < part.Count; at += step)
        {
            using var chunkScope = NewDisposeScope();
            var chunk = flat.narrow(0, at, Math.Min(step, part.Count - at)).to(part.Type, CPU).contiguous();
            stream.Write(chunk.bytes);
        }
    }

    private sealed record Part(string Name, Tensor Value, ScalarType Type, long[] Shape)
    {
        internal long Count { get; } = Shape.Aggregate(1L, (product, size) => checked(product * size));
    }
}
